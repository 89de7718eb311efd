// See log.h. spdlog stays inside this file.
//
// Each line is one write(2) to a descriptor opened with O_APPEND: nothing is ever buffered in
// crtool, so the last line is in the file however the process ends, a forked child cannot write
// what its parent had buffered, and lines of both never mix.
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "base/error.h"

namespace crtool::log {
namespace {

using Clock = std::chrono::steady_clock;

class FdSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    // Owns `fd` unless it is standard error.
    FdSink(int fd, Clock::time_point start) : fd_(fd), start_(start) {}

    ~FdSink() override {
        if (fd_ != STDERR_FILENO)
            ::close(fd_);
    }

    FdSink(const FdSink&) = delete;
    FdSink& operator=(const FdSink&) = delete;

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        using std::chrono::duration_cast;
        using std::chrono::microseconds;
        long long now = duration_cast<microseconds>(Clock::now() - start_).count();
        fmt::memory_buffer line;
        fmt::format_to(std::back_inserter(line), "({:02}.{:06}) {}{}\n", now / 1'000'000,
                       now % 1'000'000, prefix(message.level),
                       std::string_view(message.payload.data(), message.payload.size()));
        put({line.data(), line.size()});
    }

    void flush_() override {}

  private:
    static std::string_view prefix(spdlog::level::level_enum level) {
        if (level >= spdlog::level::err)
            return "error: ";
        return level == spdlog::level::warn ? "warning: " : "";
    }

    // A log that cannot be written (full disk) must not stop a dump.
    void put(std::string_view text) {
        while (!text.empty()) {
            ssize_t done = ::write(fd_, text.data(), text.size());
            if (done < 0 && errno == EINTR)
                continue;
            if (done <= 0)
                return;
            text.remove_prefix(static_cast<size_t>(done));
        }
    }

    int fd_;
    Clock::time_point start_;
};

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::error:
            return spdlog::level::err;
        case Level::warning:
            return spdlog::level::warn;
        case Level::info:
            return spdlog::level::info;
        case Level::debug:
            break;
    }
    return spdlog::level::debug;
}

// The final error is written at every verbosity.
spdlog::level::level_enum threshold(int verbosity) {
    if (verbosity <= static_cast<int>(Level::error))
        return spdlog::level::err;
    if (verbosity >= static_cast<int>(Level::debug))
        return spdlog::level::debug;
    return to_spdlog(static_cast<Level>(verbosity));
}

struct Log {
    Clock::time_point start = Clock::now();
    std::shared_ptr<spdlog::logger> logger = make(STDERR_FILENO, 2);

    std::shared_ptr<spdlog::logger> make(int fd, int verbosity) const {
        auto made = std::make_shared<spdlog::logger>("crtool", std::make_shared<FdSink>(fd, start));
        made->set_level(threshold(verbosity));
        return made;
    }
};

// Made at the first use, so that a program that never logs pays nothing; never destroyed, so that
// destructors of other static objects can still log.
Log& the_log() {
    static Log& log = *new Log;
    return log;
}

int open_file(const std::string& path) {
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        fail_errno(errno, "cannot open log file {}", path);

    // A file of that name may have been there before, with another mode.
    struct stat info {};

    if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        ::fchmod(fd, 0600);
    return fd;
}

}  // namespace

void open(const std::string& path, int verbosity) {
    int fd = path.empty() ? STDERR_FILENO : open_file(path);
    the_log().logger = the_log().make(fd, verbosity);
}

bool enabled(Level level) {
    return the_log().logger->should_log(to_spdlog(level));
}

void write(Level level, std::string_view text) {
    the_log().logger->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace crtool::log
