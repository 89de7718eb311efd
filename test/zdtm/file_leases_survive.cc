// Leases (fcntl(2), F_SETLEASE): the holder is still told, by its signal, of somebody who opens the
// file, and that open waits until the lease is given up.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGIO);
    sigaddset(&signals, SIGRTMIN);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &signals, nullptr));
    close(CHECK_SYS(open("read", O_CREAT | O_RDWR, 0644)));
    const int reader = CHECK_SYS(open("read", O_RDONLY));
    CHECK_SYS(fcntl(reader, F_SETLEASE, F_RDLCK));
    const int writer = CHECK_SYS(open("write", O_CREAT | O_RDWR, 0644));
    CHECK_SYS(fcntl(writer, F_SETLEASE, F_WRLCK));
    CHECK_SYS(fcntl(writer, F_SETSIG, SIGRTMIN));

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(reader, F_GETLEASE), F_RDLCK);
    CHECK_EQ(fcntl(writer, F_GETLEASE), F_WRLCK);
    close(CHECK_SYS(open("read", O_RDONLY | O_NONBLOCK)));
    CHECK_EQ(open("read", O_WRONLY | O_NONBLOCK), -1);
    CHECK_EQ(errno, EWOULDBLOCK);
    siginfo_t info{};
    CHECK_EQ(sigwaitinfo(&signals, &info), SIGIO);
    CHECK_EQ(open("write", O_RDONLY | O_NONBLOCK), -1);
    CHECK_EQ(errno, EWOULDBLOCK);
    CHECK_EQ(sigwaitinfo(&signals, &info), SIGRTMIN);
    CHECK_EQ(info.si_fd, writer);
    CHECK_SYS(fcntl(writer, F_SETLEASE, F_UNLCK));
    close(CHECK_SYS(open("write", O_RDONLY | O_NONBLOCK)));
    zdtm::pass();
}
