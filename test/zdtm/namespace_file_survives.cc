// Open files of the namespaces that the tree lives in still stand for these, with their flags and
// whom they are shared with.
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <vector>

#include "family.h"

namespace {

constexpr const char* kNames[] = {
    "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "user", "time_for_children",
    "uts"};

ino_t inode(int fd) {
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    return st.st_ino;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    std::vector<int> fds;
    std::vector<ino_t> inodes;
    for (const char* name : kNames) {
        fds.push_back(CHECK_SYS(open(("/proc/self/ns/" + std::string(name)).c_str(), O_RDONLY)));
        inodes.push_back(inode(fds.back()));
    }
    const int path = CHECK_SYS(open("/proc/self/ns/uts", O_PATH | O_CLOEXEC));
    const int nonblocking = CHECK_SYS(open("/proc/self/ns/net", O_RDONLY | O_NONBLOCK));
    const int uts = fds.back();
    const pid_t child = zdtm::fork_child([&] {
        gate->wait();
        CHECK_EQ(syscall(SYS_kcmp, getpid(), getppid(), KCMP_FILE, uts, uts), 0);
        CHECK_SYS(setns(uts, CLONE_NEWUTS));
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    for (size_t i = 0; i < fds.size(); i++) {
        CHECK_EQ(inode(fds[i]), inodes[i]);
        CHECK(ioctl(fds[i], NS_GET_NSTYPE) > 0);
        CHECK_EQ(fcntl(fds[i], F_GETFD), 0);
    }
    CHECK_EQ(inode(path), inodes.back());
    CHECK_EQ(fcntl(path, F_GETFD), FD_CLOEXEC);
    CHECK(ioctl(path, NS_GET_NSTYPE) == -1 && errno == EBADF);
    CHECK((CHECK_SYS(fcntl(nonblocking, F_GETFL)) & O_NONBLOCK) != 0);
    CHECK_SYS(setns(uts, 0));
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
