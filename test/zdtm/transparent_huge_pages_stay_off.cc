// A task that has switched transparent huge pages off for itself keeps them off, and its child
// that never did has them as before.
#include <sys/prctl.h>

#include "zdtm.h"

namespace {

std::string enabled() {
    return zdtm::field(zdtm::read_file("/proc/self/status"), "THP_enabled");
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const std::string before = enabled();
    const pid_t child = zdtm::fork_child([&] {
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
        CHECK_EQ(enabled(), before);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_SYS(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
    const std::string now = enabled();

    zdtm::checkpoint_here();

    CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
    CHECK_EQ(enabled(), now);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
