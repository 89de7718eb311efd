// A task that has declared itself a subreaper still is one: an orphan made after the restore comes
// to it. Its child, which is none, still is none.
#include <sys/prctl.h>

#include "zdtm.h"

namespace {

bool is_subreaper() {
    int value = 0;
    CHECK_SYS(prctl(PR_GET_CHILD_SUBREAPER, &value));
    return value == 1;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t root = getpid();
    const pid_t child = zdtm::fork_child([&] {
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK(!is_subreaper());
        shared->slot[0] =
            zdtm::fork_child([&] { zdtm::wait_until([&] { return getppid() == root; }); });
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(is_subreaper());
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::expect_exit(static_cast<pid_t>(shared->slot[0]));
    zdtm::pass();
}
