// A task whose children would live in a pid namespace that has no task yet is refused.
#include <sched.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWPID));

    zdtm::checkpoint_here();

    zdtm::expect_exit(zdtm::fork_child([] { CHECK_EQ(getpid(), 1); }));
    zdtm::pass();
}
