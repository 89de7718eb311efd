// Signals that were pending when a signalfd was left unread can be read from it, in their order
// and with their values; so can one that is sent afterwards, and no other.
#include <sys/signalfd.h>

#include "signals.h"

namespace {

signalfd_siginfo read_one(int fd) {
    signalfd_siginfo info = {};
    CHECK_EQ(read(fd, &info, sizeof(info)), sizeof(info));
    return info;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({SIGUSR1, SIGUSR2, 44});
    const sigset_t set = zdtm::set_of({SIGUSR1, 44});
    const int fd = CHECK_SYS(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    for (int i = 0; i < 5; i++) {
        sigval value = {};
        value.sival_int = 10 + i;
        CHECK_SYS(sigqueue(getpid(), 44, value));
    }
    CHECK_SYS(kill(getpid(), SIGUSR1));
    CHECK_SYS(kill(getpid(), SIGUSR2));

    zdtm::checkpoint_here();

    CHECK_EQ(read_one(fd).ssi_signo, SIGUSR1);
    for (int i = 0; i < 5; i++) {
        const signalfd_siginfo info = read_one(fd);
        CHECK_EQ(info.ssi_signo, 44);
        CHECK_EQ(info.ssi_int, 10 + i);
        CHECK_EQ(info.ssi_code, SI_QUEUE);
        CHECK_EQ(info.ssi_pid, getpid());
    }
    signalfd_siginfo info = {};
    CHECK_EQ(read(fd, &info, sizeof(info)), -1);
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(zdtm::pending_mask(), zdtm::bit(SIGUSR2));
    CHECK_SYS(kill(getpid(), SIGUSR1));
    CHECK_EQ(read_one(fd).ssi_signo, SIGUSR1);
    zdtm::pass();
}
