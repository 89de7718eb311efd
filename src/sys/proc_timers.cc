// See proc_timers.h. The format is show_timer's in the kernel's fs/proc/base.c.
#include "sys/proc_timers.h"

#include <signal.h>

#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

// "signal/pid.41", "none/pid.41", "thread/pid.41", "signal/tid.42"
void parse_notify(TextScanner& scanner, PosixTimer& timer) {
    if (scanner.accept("signal/"))
        timer.notify = SIGEV_SIGNAL;
    else if (scanner.accept("none/"))
        timer.notify = SIGEV_NONE;
    else if (scanner.accept("thread/"))
        timer.notify = SIGEV_THREAD;
    else
        scanner.fail_here("unknown notification");
    if (scanner.accept("tid."))
        timer.notify |= SIGEV_THREAD_ID;
    else
        scanner.expect("pid.");
    timer.target = scanner.signed_int();
}

}  // namespace

std::vector<PosixTimer> parse_timers(std::string_view text) {
    std::vector<PosixTimer> timers;
    TextScanner scanner(text, "timers");
    while (!scanner.at_end()) {
        PosixTimer& timer = timers.emplace_back();
        scanner.expect("ID: ");
        timer.id = scanner.signed_int();
        scanner.expect("\nsignal: ");
        timer.signal = scanner.signed_int();
        scanner.expect('/');
        scanner.accept("0x");
        // %px of a null value is all zeros; other kernels print (null).
        timer.sigev_value = scanner.accept("(null)") ? 0 : scanner.hex();
        scanner.expect("\nnotify: ");
        parse_notify(scanner, timer);
        scanner.expect("\nClockID: ");
        timer.clock = scanner.signed_int();
        scanner.expect('\n');
    }
    return timers;
}

}  // namespace crtool::sys
