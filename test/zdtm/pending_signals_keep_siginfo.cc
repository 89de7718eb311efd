// Signals that wait for a process, and those that wait for one of its threads, are still waiting
// there, each with its code, sender and value; none is doubled, none moves to another thread.
#include <thread>

#include "signals.h"

namespace {

constexpr int kThreadRealtime = 40;
constexpr int kProcessRealtime = 41;
std::atomic<int> ready;
std::atomic<int> go;

void check_sent(int signal, int code, int value) {
    const siginfo_t info = zdtm::take(signal);
    CHECK_EQ(info.si_code, code);
    CHECK_EQ(info.si_pid, getpid());
    CHECK_EQ(info.si_uid, getuid());
    if (code == SI_QUEUE) {
        CHECK_EQ(info.si_value.sival_int, value);
    }
}

void hold() {
    const auto tid = static_cast<pid_t>(syscall(SYS_gettid));
    siginfo_t info = {};
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_int = 4040;
    CHECK_SYS(syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, kThreadRealtime, &info));
    CHECK_SYS(syscall(SYS_tgkill, getpid(), tid, SIGUSR1));
    ready = 1;
    zdtm::wait_until([] { return go == 1; }, 600);
    check_sent(kThreadRealtime, SI_QUEUE, 4040);
    check_sent(SIGUSR1, SI_TKILL, 0);
    CHECK(zdtm::none_pending(SIGUSR1) && zdtm::none_pending(kThreadRealtime));
    ready = 2;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD, kThreadRealtime, kProcessRealtime});
    std::thread thread(hold);
    zdtm::wait_until([] { return ready == 1; });
    sigval value = {};
    value.sival_int = 4141;
    CHECK_SYS(sigqueue(getpid(), kProcessRealtime, value));
    CHECK_SYS(kill(getpid(), SIGUSR2));
    value.sival_int = 15;
    CHECK_SYS(sigqueue(getpid(), SIGTERM, value));
    const uint64_t pending = zdtm::pending_mask();

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::pending_mask(), pending);
    CHECK(zdtm::none_pending(SIGUSR1) && zdtm::none_pending(SIGCHLD));
    go = 1;
    zdtm::wait_until([] { return ready == 2; });
    thread.join();
    check_sent(kProcessRealtime, SI_QUEUE, 4141);
    check_sent(SIGUSR2, SI_USER, 0);
    check_sent(SIGTERM, SI_QUEUE, 15);
    CHECK_EQ(zdtm::pending_mask(), 0);
    zdtm::pass();
}
