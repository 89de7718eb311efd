// See common_options.h.
#include "cli/common_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"

namespace crtool::cli {
namespace {

enum class Takes { nothing, value };

struct LaterOption {
    const char* name;
    Takes takes;
    const char* what;
};

// Known in this field; each would change the result, so silence would be a lie.
constexpr std::array kLaterOptions{
    LaterOption{"--network-lock", Takes::value, "TCP connections"},
    LaterOption{"--track-mem", Takes::nothing, "incremental images"},
    LaterOption{"--prev-images-dir", Takes::value, "incremental images"},
    LaterOption{"--auto-dedup", Takes::nothing, "incremental images"},
    LaterOption{"--snapshot", Takes::nothing, "copying memory while the tree runs"},
    LaterOption{"--page-server", Takes::nothing, "the page server"},
    LaterOption{"--address", Takes::value, "the page server"},
    LaterOption{"--port", Takes::value, "the page server"},
    LaterOption{"--ps-socket", Takes::value, "the page server"},
    LaterOption{"--tls", Takes::nothing, "the page server"},
    LaterOption{"--lazy-pages", Takes::nothing, "lazy restore"},
    LaterOption{"--stream", Takes::nothing, "image streams"},
    LaterOption{"--compress", Takes::nothing, "compressed images"},
    LaterOption{"--encrypt", Takes::nothing, "encrypted images"},
    LaterOption{"--action-script", Takes::value, "action scripts"},
    LaterOption{"--exec-cmd", Takes::nothing, "running a command after the restore"},
    LaterOption{"--self", Takes::nothing, "restore into crtool's own process"},
    LaterOption{"--new-pids", Takes::nothing, "restore under other pids"},
    LaterOption{"--pidns", Takes::nothing, "restore into a pid namespace"},
    LaterOption{"--join-ns", Takes::value, "namespaces"},
    LaterOption{"--empty-ns", Takes::value, "namespaces"},
    LaterOption{"--veth-pair", Takes::value, "namespaces"},
    LaterOption{"--ext-mount-map", Takes::value, "mount namespaces"},
    LaterOption{"--skip-mnt", Takes::value, "mount namespaces"},
    LaterOption{"--enable-fs", Takes::value, "mount namespaces"},
    LaterOption{"--enable-external-sharing", Takes::nothing, "mount namespaces"},
    LaterOption{"--enable-external-masters", Takes::nothing, "mount namespaces"},
    LaterOption{"--mntns-compat-mode", Takes::nothing, "mount namespaces"},
    LaterOption{"--cgroup-root", Takes::value, "cgroups"},
    LaterOption{"--cgroup-props", Takes::value, "cgroups"},
    LaterOption{"--cgroup-props-file", Takes::value, "cgroups"},
    LaterOption{"--cgroup-yard", Takes::value, "cgroups"},
    LaterOption{"--force-irmap", Takes::nothing, "inotify marks"},
    LaterOption{"--irmap-scan-path", Takes::value, "inotify marks"},
    LaterOption{"--lsm-profile", Takes::value, "security labels"},
    LaterOption{"--lsm-mount-context", Takes::value, "security labels"},
    LaterOption{"--status-fd", Takes::value, "the status descriptor"},
    LaterOption{"--cpu-cap", Takes::value, "a choice of CPU checks"},
    LaterOption{"--unprivileged", Takes::nothing, "running without root"},
};

bool names(std::string_view argument, const LaterOption& option) {
    return argument.substr(0, argument.find('=')) == option.name;
}

}  // namespace

void add_common_options(CLI::App& command, CommonOptions& options) {
    command.add_option("-D,--images-dir", options.images_dir, "Directory of the image")
        ->type_name("DIR")
        ->capture_default_str();
    command.add_option("-W,--work-dir", options.work_dir, "Directory of log and pid file")
        ->type_name("DIR")
        ->default_str("images directory");
    command.add_option("-o,--log-file", options.log_file, "Log, relative to the work directory")
        ->type_name("FILE")
        ->default_str(command.get_name() + ".log");
    command
        .add_option("-v,--verbosity", options.verbosity,
                    "What is logged: 0 only the error that ends the run, 1 errors, 2 warnings, "
                    "3 what is done, 4 everything")
        ->type_name("0…4")
        ->check(CLI::Range(0, 4).description(""))
        ->capture_default_str();
    command.add_flag("--display-stats", options.display_stats,
                     "Tell what was done and how long it took");
    command.add_flag("--json", options.json, "Write the outcome to stdout as one JSON object");
    // Read before CLI11 sees the arguments (arguments.h); here for the help and the value.
    command
        .add_option_function<std::vector<std::string>>(
            "--config", [](const std::vector<std::string>&) {}, "Read options from this file too")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command.add_flag_function(
        "--no-default-config", [](int64_t) {},
        "Do not read /etc/crtool/default.conf and ~/.config/crtool.conf");
}

void add_later_options(CLI::App& command, const Arguments& given, std::vector<std::string>& later) {
    for (const LaterOption& option : kLaterOptions) {
        if (std::none_of(given.begin(), given.end(),
                         [&](const std::string& argument) { return names(argument, option); }))
            continue;
        auto note = [&later, &option] {
            later.push_back(fmt::format("{} ({})", option.name, option.what));
        };
        if (option.takes == Takes::nothing) {
            command.add_flag_function(option.name, [note](int64_t) { note(); })->group("");
        } else {
            command
                .add_option_function<std::vector<std::string>>(
                    option.name, [note](const std::vector<std::string>&) { note(); })
                ->allow_extra_args(false)
                ->group("");
        }
    }
}

void refuse_later_options(const std::vector<std::string>& later) {
    if (!later.empty())
        fail(Errc::usage, "known, not carried yet: {}", fmt::join(later, ", "));
}

uint64_t parse_size(std::string_view text, std::string_view option) {
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
    size_t power = std::string_view("KMG").find(unit.empty() ? '\0' : unit[0]);
    bool has_unit = unit.size() == 1 && power != std::string_view::npos;
    unsigned shift = has_unit ? 10 * (static_cast<unsigned>(power) + 1) : 0;
    if (error != std::errc() || (!unit.empty() && !has_unit) || (value << shift) >> shift != value)
        fail(Errc::usage, "{}: '{}' is no size (a number, then K, M or G)", option, text);
    return value << shift;
}

restore::FileValidation parse_file_validation(std::string_view text) {
    return static_cast<restore::FileValidation>(parse_choice(text == "filesize" ? "size" : text,
                                                             {"none", "size", "buildid", "strict"},
                                                             "--file-validation"));
}

size_t parse_choice(std::string_view text, std::initializer_list<std::string_view> choices,
                    std::string_view option) {
    size_t index = 0;
    for (std::string_view choice : choices) {
        if (choice == text)
            return index;
        index++;
    }
    fail(Errc::usage, "{}: '{}' is not one of {}", option, text, fmt::join(choices, ", "));
}

}  // namespace crtool::cli
