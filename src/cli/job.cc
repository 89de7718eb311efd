// See job.h.
#include "cli/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/log.h"
#include "cli/exit_code.h"

namespace crtool::cli {
namespace {

namespace fs = std::filesystem;

void require_directory(const std::string& path, bool make) {
    std::error_code error;
    // Private, as everything in it will be.
    if (make && fs::create_directory(path, error))
        fs::permissions(path, fs::perms::owner_all, error);
    std::string hint = make && error ? " and cannot be made: " + errno_text(error.value()) : "";
    if (!fs::is_directory(path, error))
        fail(Errc::usage, "directory '{}' does not exist{}", path, hint);
}

// Where the log went; empty when it went to stderr.
std::string open_log(const JobFrame& frame, const CommonOptions& common) {
    require_directory(common.images_dir, frame.make_images_dir);
    if (!common.work_dir.empty())
        require_directory(common.work_dir, false);
    std::string name = common.log_file.empty() ? frame.command + ".log" : common.log_file;
    std::string path = fs::path(common.effective_work_dir()) / name;
    log::open(path, common.verbosity);
    return path;
}

void say(const std::string& text) {
    (void)std::fputs(text.c_str(), stderr);
    (void)std::fflush(stderr);
}

const char* verb(Errc code) {
    switch (code) {
        case Errc::unsupported:
            return "refused";
        case Errc::cancelled:
            return "stopped";
        default:
            return "failed";
    }
}

class Reporter {
  public:
    Reporter(const JobFrame& frame, std::string log) : frame_(frame), log_(std::move(log)) {}

    // Runs `step`; an exception is reported and becomes an exit status.
    int guarded(const std::function<int()>& step) const {
        try {
            return step();
        } catch (const Error& error) {
            return report(error);
        } catch (const std::exception& error) {
            return report(Error(Errc::internal, 0, error.what()));
        }
    }

    int report(const Error& error) const {
        std::vector<std::string> lines = describe(frame_.title, error);
        if (!log_.empty()) {
            log::write(log::Level::error, fmt::format("{}", fmt::join(lines, "\n")));
            lines.back() += fmt::format(" (see {})", log_);
        }
        say(fmt::format("crtool: {}\n", fmt::join(lines, "\ncrtool: ")));
        return exit_code(error.code());
    }

  private:
    const JobFrame& frame_;
    std::string log_;
};

}  // namespace

std::vector<std::string> describe(const std::string& title, const Error& error) {
    std::string_view text = error.what();
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view headline = text.substr(0, end);
    std::string_view details = text.substr(std::min(end + 1, text.size()));
    std::vector<std::string> lines;
    while (!details.empty()) {
        size_t line = std::min(details.find('\n'), details.size());
        lines.emplace_back(details.substr(0, line));
        details.remove_prefix(std::min(line + 1, details.size()));
    }
    lines.push_back(fmt::format("{} {}: {}", title, verb(error.code()), headline));
    return lines;
}

int run_job(const JobFrame& frame, const CommonOptions& common,
            const std::function<void()>& prepare, const Job& job) {
    std::string log;
    int opened = Reporter(frame, "").guarded([&]() -> int {
        log = open_log(frame, common);
        return kExitOk;
    });
    if (opened != kExitOk)
        return opened;
    Reporter reporter(frame, log);
    return reporter.guarded([&] {
        prepare();
        auto supervised = [&](const std::atomic<bool>& cancelled) {
            return reporter.guarded([&] { return job(cancelled); });
        };
        auto killed = [&](const std::string& how) {
            reporter.report(Error(Errc::internal, 0, "the worker process was " + how));
        };
        return supervise(supervised, frame.supervisor, killed);
    });
}

}  // namespace crtool::cli
