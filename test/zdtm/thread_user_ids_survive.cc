// Threads that changed their user and group ids by themselves (raw system calls, as file servers
// do) keep them, with their groups; the other threads keep theirs.
#include <grp.h>
#include <sys/fsuid.h>

#include <array>

#include "threads.h"

namespace {

constexpr std::array<gid_t, 3> kGroups = {7, 4242, 99'999};

void become(int i) {
    if (i == 0) {
        return;
    }
    CHECK_SYS(syscall(SYS_setgroups, i, kGroups.data()));
    CHECK_SYS(syscall(SYS_setresgid, 2000 + i, 2010 + i, 2020 + i));
    CHECK_SYS(syscall(SYS_setresuid, 1000 + i, 1010 + i, 1020 + i));
    if (i == 2) {
        syscall(SYS_setfsuid, 1002);
        CHECK_EQ(syscall(SYS_setfsuid, -1), 1002);
    }
}

void check(int i) {
    uid_t ids[3] = {};
    gid_t gids[3] = {};
    CHECK_SYS(syscall(SYS_getresuid, &ids[0], &ids[1], &ids[2]));
    CHECK_SYS(syscall(SYS_getresgid, &gids[0], &gids[1], &gids[2]));
    for (int n = 0; n < 3; n++) {
        CHECK_EQ(ids[n], i == 0 ? 0 : 1000 + 10 * n + i);
        CHECK_EQ(gids[n], i == 0 ? 0 : 2000 + 10 * n + i);
    }
    std::array<gid_t, 16> groups = {};
    if (i > 0) {
        CHECK_EQ(syscall(SYS_getgroups, groups.size(), groups.data()), i);
        CHECK_EQ(groups[i - 1], kGroups[i - 1]);
    }
    CHECK_EQ(syscall(SYS_setfsuid, -1), i == 0 ? 0 : i == 2 ? 1002 : 1010 + i);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_with_threads(4, become, check);
    check(0);
    zdtm::pass();
}
