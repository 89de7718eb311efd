// A signalfd takes the signals of its mask and no others, with their values; its mask was changed
// after its making, and a second one has another.
#include <sys/signalfd.h>

#include <csignal>

#include "zdtm.h"

namespace {

void queue(int signo, int value) {
    sigval payload = {};
    payload.sival_int = value;
    CHECK_SYS(sigqueue(getpid(), signo, payload));
}

sigset_t set_of(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signo : signals) {
        sigaddset(&set, signo);
    }
    return set;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const sigset_t all = set_of({SIGUSR1, SIGUSR2, SIGRTMIN + 5, SIGHUP});
    CHECK_SYS(sigprocmask(SIG_BLOCK, &all, nullptr));
    const sigset_t hup = set_of({SIGHUP});
    const sigset_t first_mask = set_of({SIGUSR1, SIGRTMIN + 5});
    const sigset_t second_mask = set_of({SIGUSR2});
    const int first = CHECK_SYS(signalfd(-1, &hup, SFD_NONBLOCK | SFD_CLOEXEC));
    CHECK_SYS(signalfd(first, &first_mask, 0));
    const int second = CHECK_SYS(signalfd(-1, &second_mask, SFD_NONBLOCK));

    zdtm::checkpoint_here();

    signalfd_siginfo info = {};
    CHECK(read(first, &info, sizeof(info)) == -1 && errno == EAGAIN);
    queue(SIGHUP, 1);
    queue(SIGUSR2, 2);
    queue(SIGRTMIN + 5, 3);
    CHECK_EQ(read(first, &info, sizeof(info)), sizeof(info));
    CHECK_EQ(info.ssi_signo, SIGRTMIN + 5);
    CHECK_EQ(info.ssi_int, 3);
    CHECK(read(first, &info, sizeof(info)) == -1 && errno == EAGAIN);
    CHECK_EQ(read(second, &info, sizeof(info)), sizeof(info));
    CHECK_EQ(info.ssi_signo, SIGUSR2);
    CHECK(read(second, &info, sizeof(info)) == -1 && errno == EAGAIN);
    CHECK_EQ(sigwaitinfo(&hup, nullptr), SIGHUP);
    zdtm::pass();
}
