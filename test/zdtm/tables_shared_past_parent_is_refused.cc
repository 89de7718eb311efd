// A process shares its descriptor table with its grandchild, but no longer with its child: fork
// cannot make that again, so it is refused before the tree is ended; they go on sharing.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "family.h"

namespace {

// fork(2) with flags.
pid_t clone_with(unsigned long flags) {
    return CHECK_SYS(static_cast<pid_t>(syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0)));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const pid_t middle = clone_with(CLONE_FILES);
    if (middle == 0) {
        const pid_t last = clone_with(CLONE_FILES);
        if (last == 0) {
            zdtm::wait_until([&] { return shared->go == 1; });
            _exit(close(static_cast<int>(shared->slot[0])) == 0 ? 0 : 1);
        }
        CHECK_SYS(unshare(CLONE_FILES));
        shared->ready = 1;
        zdtm::expect_exit(last);
        _exit(0);
    }
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    const int fd = CHECK_SYS(open("/dev/null", O_RDONLY));
    shared->slot[0] = fd;
    shared->go = 1;
    zdtm::expect_exit(middle);
    CHECK_EQ(fcntl(fd, F_GETFD), -1);
    zdtm::pass();
}
