// A task that has made itself not dumpable stays so, one that is dumpable stays that.
#include <sys/prctl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(prctl(PR_SET_DUMPABLE, 0));
        CHECK_SYS(setresuid(1234, 1234, 1234));
        CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);

    zdtm::checkpoint_here();

    CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);
    // The files of a task that is not dumpable belong to root, whatever its own user.
    struct stat status = {};
    CHECK_SYS(stat(("/proc/" + std::to_string(child) + "/mem").c_str(), &status));
    CHECK_EQ(status.st_uid, 0);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
