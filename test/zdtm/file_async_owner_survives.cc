// Who is told of input on a descriptor, by which signal (F_SETOWN, F_SETOWN_EX, F_SETSIG,
// O_ASYNC): a task, a thread or a group; and the signal still comes.
#include <fcntl.h>

#include "family.h"

namespace {

f_owner_ex owner_of(int fd) {
    f_owner_ex owner = {};
    CHECK_SYS(fcntl(fd, F_GETOWN_EX, &owner));
    return owner;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int signo = SIGRTMIN + 3;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signo);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &set, nullptr));
    int told[2];
    int group[2];
    int thread[2];
    CHECK_SYS(pipe(told));
    CHECK_SYS(pipe(group));
    CHECK_SYS(pipe(thread));
    CHECK_SYS(fcntl(told[0], F_SETOWN, getpid()));
    CHECK_SYS(fcntl(told[0], F_SETSIG, signo));
    CHECK_SYS(fcntl(told[0], F_SETFL, O_ASYNC | O_NONBLOCK));
    CHECK_SYS(fcntl(group[0], F_SETOWN, -getpgrp()));
    const f_owner_ex own_thread = {F_OWNER_TID, gettid()};
    CHECK_SYS(fcntl(thread[0], F_SETOWN_EX, &own_thread));
    CHECK_SYS(fcntl(thread[0], F_SETSIG, SIGUSR2));

    zdtm::checkpoint_here();

    CHECK_EQ(owner_of(told[0]).type, F_OWNER_PID);
    CHECK_EQ(owner_of(told[0]).pid, getpid());
    CHECK_EQ(fcntl(told[0], F_GETSIG), signo);
    CHECK_EQ(fcntl(told[0], F_GETFL), O_ASYNC | O_NONBLOCK);
    CHECK_EQ(owner_of(group[0]).type, F_OWNER_PGRP);
    CHECK_EQ(owner_of(group[0]).pid, getpgrp());
    CHECK_EQ(fcntl(group[0], F_GETSIG), 0);
    CHECK_EQ(owner_of(thread[0]).type, F_OWNER_TID);
    CHECK_EQ(owner_of(thread[0]).pid, gettid());
    CHECK_EQ(fcntl(thread[0], F_GETSIG), SIGUSR2);
    CHECK_EQ(fcntl(told[1], F_GETOWN), 0);
    const timespec none = {};
    CHECK(sigtimedwait(&set, nullptr, &none) == -1 && errno == EAGAIN);
    CHECK_EQ(write(told[1], "x", 1), 1);
    const timespec soon = {10, 0};
    siginfo_t info = {};
    CHECK_EQ(sigtimedwait(&set, &info, &soon), signo);
    CHECK_EQ(info.si_fd, told[0]);
    zdtm::pass();
}
