// `crtool show`: one task, what it is and where it stands; its objects have their own files.
#include <fmt/format.h>

#include <array>

#include "cli/show_sections.h"
#include "cli/show_text.h"

namespace crtool::cli {
namespace {

using image::Task;

constexpr std::array<std::string_view, 16> kLimitNames = {
    "cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
    "memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
};

std::string limit_text(uint64_t value) {
    return value == ~uint64_t{0} ? "unlimited" : fmt::format("{}", value);
}

void show_limits(const Task& task, std::string& out) {
    std::string text;
    for (int i = 0; i < task.limits_size() && i < static_cast<int>(kLimitNames.size()); ++i)
        text += fmt::format("{}{} {}/{}", i == 0 ? "" : ", ", kLimitNames[static_cast<size_t>(i)],
                            limit_text(task.limits(i).soft()), limit_text(task.limits(i).hard()));
    add_line(out, "limits", text.empty() ? "none" : text);
}

void show_sharing(const Task& task, std::string& out) {
    std::string text;
    auto share = [&](uint32_t pid, const char* what) {
        if (pid != 0)
            text += fmt::format("{}{} with {}", text.empty() ? "" : ", ", what, pid);
    };
    share(task.shares_vm(), "memory");
    share(task.shares_files(), "descriptors");
    share(task.shares_fs(), "directories");
    share(task.shares_sighand(), "handlers");
    if (!text.empty())
        add_line(out, "shares", text);
}

// Settings that are not what a fresh process has.
void show_settings(const Task& task, std::string& out) {
    std::string text;
    auto say = [&](bool odd, const std::string& what) {
        if (odd)
            text += (text.empty() ? "" : ", ") + what;
    };
    say(task.oom_score_adj() != 0, fmt::format("oom_score_adj {}", task.oom_score_adj()));
    say(task.child_subreaper(), "child subreaper");
    say(task.dumpable() != 1, fmt::format("dumpable {}", task.dumpable()));
    say(task.thp_disable() != 0, "no huge pages");
    say(task.mdwe() != 0, fmt::format("mdwe {:#x}", task.mdwe()));
    say(task.mm().memory_merge(), "memory may be merged");
    say(task.mm().membarrier() != 0, fmt::format("barriers {:#x}", task.mm().membarrier()));
    say(task.has_loginuid(), fmt::format("login uid {}", task.loginuid()));
    say(task.io_flusher(), "I/O flusher");
    say(task.exit_signal() != 17, "exit signal " + signal_name(task.exit_signal()));
    say(task.coredump_filter() != 0x33,
        fmt::format("coredump filter {:#x}", task.coredump_filter()));
    if (!text.empty())
        add_line(out, "settings", text);
}

}  // namespace

void show_task(const ShowView& view, const Task& task, std::string& out) {
    out += fmt::format("Task {} {} ({})\n", task.pid(), printable(task.comm()), state_of(task));
    add_line(out, "parent", task.ppid() == 0 ? "outside" : fmt::format("{}", task.ppid()));
    if (task.state() != Task::ZOMBIE) {
        add_line(out, "program", path_of(view, task.exe()));
        add_line(out, "directory",
                 fmt::format("{}, root {}, umask {:04o}", path_of(view, task.cwd()),
                             path_of(view, task.root()), task.umask()));
        show_sharing(task, out);
        show_settings(task, out);
        show_credentials(view, task, out);
        show_signals(view, task, out);
        show_timers(task, out);
        if (view.everything())
            show_limits(task, out);
        show_threads(view, task, out);
        show_descriptors(view, task, out);
        show_areas(view, task, out);
    }
    out += '\n';
}

}  // namespace crtool::cli
