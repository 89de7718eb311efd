// SIGCONT that is blocked stays in the queue of a process and of a thread, whoever else hears of it
// when it is sent (ptrace(2)): it is taken once from each, and the process was not stopped by it.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "zdtm.h"

namespace {

sigset_t only_sigcont() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCONT);
    return set;
}

int take(siginfo_t& info) {
    const sigset_t set = only_sigcont();
    const timespec no_time{0, 0};
    return sigtimedwait(&set, &info, &no_time);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const sigset_t set = only_sigcont();
    CHECK_SYS(sigprocmask(SIG_BLOCK, &set, nullptr));
    std::atomic<int> taken{-1};
    std::atomic<bool> go{false};
    std::thread other([&] {
        CHECK_SYS(syscall(SYS_tgkill, getpid(), gettid(), SIGCONT));
        taken = 0;
        zdtm::wait_until([&] { return go.load(); });
        siginfo_t info{};
        CHECK_EQ(take(info), SIGCONT);
        CHECK_EQ(info.si_code, SI_USER);  // as sigtimedwait(3) has it
        taken = 1;
    });
    zdtm::wait_until([&] { return taken == 0; });
    const sigval value{.sival_int = 4711};
    CHECK_SYS(sigqueue(getpid(), SIGCONT, value));

    zdtm::checkpoint_here();

    go = true;
    other.join();
    CHECK_EQ(taken, 1);
    siginfo_t info{};
    CHECK_EQ(take(info), SIGCONT);
    CHECK_EQ(info.si_value.sival_int, 4711);
    CHECK_EQ(take(info), -1);
    zdtm::pass();
}
