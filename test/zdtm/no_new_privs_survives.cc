// no_new_privs stays set, is inherited by what is forked afterwards, and a task that never set it
// is still without.
#include <sys/prctl.h>

#include "zdtm.h"

namespace {

bool is_set() {
    return CHECK_SYS(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)) == 1;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK(is_set());
        CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), -1);
        zdtm::expect_exit(zdtm::fork_child([] { CHECK(is_set()); }));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(!is_set());
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
