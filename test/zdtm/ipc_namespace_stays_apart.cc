// A tree in an IPC namespace of its own is in one after a restore, all tasks in the same, and a
// descriptor of it stands for it.
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "family.h"
#include "sysv.h"

namespace {

ino_t number(const char* name) {
    struct stat st = {};
    CHECK_SYS(stat(name, &st));
    return st.st_ino;
}

constexpr const char* kOwn = "/proc/self/ns/ipc";

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const ino_t outside = number(kOwn);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const int fd = CHECK_SYS(open(kOwn, O_RDONLY | O_CLOEXEC));
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(setuid(1234));
        gate->wait();
        shared->slot[0] = static_cast<int64_t>(number(kOwn));
    });
    const pid_t zombie = zdtm::fork_child([] {});
    zdtm::wait_zombie(zombie);
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    zdtm::expect_exit(zombie);
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_ino, number(kOwn));
    CHECK_EQ(shared->slot[0].load(), number(kOwn));
    CHECK(number(kOwn) != outside);
    // Whatever ids and keys the machine has, they are free here.
    CHECK_EQ(CHECK_SYS(msgget(1, IPC_CREAT | IPC_EXCL | 0600)), 0);
    zdtm::pass();
}
