// A pidfd is refused, not carried yet; signals can still be sent by it.
#include <sys/syscall.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const pid_t child = zdtm::fork_child([] { pause(); });
    const int fd = CHECK_SYS(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));

    zdtm::checkpoint_here();

    CHECK_SYS(syscall(SYS_pidfd_send_signal, fd, SIGTERM, nullptr, 0));
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, SIGTERM);
    zdtm::pass();
}
