// `crtool show`: handlers, masks, pending signals and timers of a task.
#include <fmt/format.h>

#include <cstring>

#include "cli/show_sections.h"
#include "cli/show_text.h"

namespace crtool::cli {
namespace {

using image::Task;

constexpr uint64_t kIgnore = 1;  // SIG_IGN

template <typename Queue>
std::string queue_text(const Queue& queue) {
    std::string text;
    for (const image::Siginfo& info : queue) {
        int32_t signal = 0;
        if (info.info().size() >= sizeof(signal))
            std::memcpy(&signal, info.info().data(), sizeof(signal));
        text += (text.empty() ? "" : " ") + signal_name(static_cast<uint32_t>(signal));
    }
    return text;
}

void show_actions(const Task& task, bool everything, std::string& out) {
    uint64_t ignored = 0;
    uint64_t handled = 0;
    for (const image::SignalAction& action : task.actions()) {
        if (action.signal() >= 1 && action.signal() <= 64)
            (action.handler() == kIgnore ? ignored : handled) |= uint64_t{1}
                                                                 << (action.signal() - 1);
    }
    if (handled != 0)
        add_line(out, "handles", signal_set(handled));
    if (ignored != 0)
        add_line(out, "ignores", signal_set(ignored));
    if (!everything)
        return;
    Table table("    ", {{"SIGNAL"}, {"HANDLER"}, {"FLAGS"}, {"RESTORER"}, {"MASK"}});
    for (const image::SignalAction& action : task.actions())
        table.add({signal_name(action.signal()), fmt::format("{:#x}", action.handler()),
                   fmt::format("{:#x}", action.flags()), fmt::format("{:#x}", action.restorer()),
                   signal_set(action.mask())});
    table.print(out);
}

std::string notify_text(const image::PosixTimer& timer) {
    switch (timer.notify()) {
        case 0:
        case 2:
            return signal_name(timer.signal());
        case 1:
            return "nobody";
        case 4:
            return fmt::format("{} to thread {}", signal_name(timer.signal()), timer.thread());
        default:
            return fmt::format("SIGEV {}", timer.notify());
    }
}

std::string clock_text(int clock) {
    switch (clock) {
        case 0:
            return "realtime";
        case 1:
            return "monotonic";
        case 2:
            return "process CPU";
        case 3:
            return "thread CPU";
        case 7:
            return "boottime";
        case 8:
            return "realtime alarm";
        case 9:
            return "boottime alarm";
        case 11:
            return "TAI";
        default:
            return fmt::format("clock {}", clock);
    }
}

}  // namespace

void show_signals(const ShowView& view, const Task& task, std::string& out) {
    show_actions(task, view.everything(), out);
    if (!task.threads().empty() && task.threads(0).signal_mask() != 0)
        add_line(out, "blocks", signal_set(task.threads(0).signal_mask()));
    if (!task.shared_pending().empty())
        add_line(out, "pending", queue_text(task.shared_pending()));
    for (const image::Thread& thread : task.threads()) {
        if (!thread.pending().empty())
            add_line(out, "pending",
                     fmt::format("{} for thread {}", queue_text(thread.pending()), thread.tid()));
    }
}

void show_timers(const Task& task, std::string& out) {
    constexpr const char* kNames[] = {"real", "virtual", "profiling"};
    constexpr uint64_t kUs = 1000;
    for (const image::IntervalTimer& timer : task.itimers())
        add_line(out, "timer",
                 fmt::format("{}, {}", timer.which() < 3 ? kNames[timer.which()] : "unknown",
                             interval_text(timer.value_us() * kUs, timer.interval_us() * kUs)));
    for (const image::PosixTimer& timer : task.posix_timers())
        add_line(
            out, "POSIX timer",
            fmt::format("{}: {}, {}, signals {}", timer.id(), clock_text(timer.clock()),
                        interval_text(timer.value_ns(), timer.interval_ns()), notify_text(timer)));
}

}  // namespace crtool::cli
