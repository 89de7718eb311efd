// A namespace that is mounted on a file, and was opened there, is opened there again.
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(close(CHECK_SYS(open("bound", O_WRONLY | O_CREAT | O_EXCL, 0444))));
    // Of a process that has ended: the mount alone keeps it.
    zdtm::expect_exit(zdtm::fork_child([] {
        CHECK_SYS(unshare(CLONE_NEWUTS));
        if (mount("/proc/self/ns/uts", "bound", nullptr, MS_BIND, nullptr) == -1)
            zdtm::skip("nothing can be mounted");
    }));
    const zdtm::Outsider cleaner([] {
        zdtm::hold();
        umount2(zdtm::path("bound").c_str(), MNT_DETACH);
    });
    const int fd = CHECK_SYS(open(zdtm::path("bound").c_str(), O_RDONLY));
    struct stat before = {};
    CHECK_SYS(fstat(fd, &before));

    zdtm::checkpoint_here();

    struct stat after = {};
    CHECK_SYS(fstat(fd, &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    CHECK_EQ(ioctl(fd, NS_GET_NSTYPE), CLONE_NEWUTS);
    CHECK_SYS(umount2("bound", MNT_DETACH));
    zdtm::pass();
}
