// A task of another user without any capability keeps its limits, its ids and its place: reading
// and setting them for it must not depend on its own rights.
#include <grp.h>
#include <sys/resource.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        const rlimit files = {77, 88};
        const rlimit tasks = {300, 400};
        CHECK_SYS(setrlimit(RLIMIT_NOFILE, &files));
        CHECK_SYS(setrlimit(RLIMIT_NPROC, &tasks));
        const gid_t groups[] = {5, 6, 70'000};
        CHECK_SYS(setgroups(3, groups));
        CHECK_SYS(setresgid(4001, 4001, 4001));
        CHECK_SYS(setresuid(4002, 4002, 4002));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        rlimit found = {};
        CHECK_SYS(getrlimit(RLIMIT_NOFILE, &found));
        CHECK(found.rlim_cur == 77 && found.rlim_max == 88);
        CHECK_SYS(getrlimit(RLIMIT_NPROC, &found));
        CHECK(found.rlim_cur == 300 && found.rlim_max == 400);
        CHECK(geteuid() == 4002 && getegid() == 4001);
        CHECK_EQ(getgroups(0, nullptr), 3);
        CHECK_EQ(setresuid(0, 0, 0), -1);
        const rlimit raised = {77, 89};
        CHECK_EQ(setrlimit(RLIMIT_NOFILE, &raised), -1);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
