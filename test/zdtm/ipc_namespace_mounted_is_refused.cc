// An IPC namespace that is mounted on a file goes on without the tree, and is refused.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(close(CHECK_SYS(open("bound", O_WRONLY | O_CREAT | O_EXCL, 0444))));
    const zdtm::Outsider cleaner([] {
        zdtm::hold();
        umount2(zdtm::path("bound").c_str(), MNT_DETACH);
    });
    CHECK_SYS(unshare(CLONE_NEWIPC));
    if (mount("/proc/self/ns/ipc", "bound", nullptr, MS_BIND, nullptr) == -1) {
        zdtm::skip("nothing can be mounted");
    }

    zdtm::checkpoint_here();

    CHECK_SYS(umount2("bound", MNT_DETACH));
    zdtm::pass();
}
