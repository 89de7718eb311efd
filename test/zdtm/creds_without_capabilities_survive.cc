// A plain user's tasks, parent and child, with no capability and no_new_privs, are dumped and
// restored though they themselves could do nothing of it.
#include <grp.h>
#include <sys/prctl.h>

#include "family.h"

namespace {

void check_powerless() {
    const std::string status = zdtm::read_file("/proc/self/status");
    CHECK_EQ(zdtm::field(status, "CapPrm"), std::string("0000000000000000"));
    CHECK_EQ(zdtm::field(status, "CapEff"), std::string("0000000000000000"));
    CHECK_EQ(getuid(), 65534u);
    CHECK_EQ(getgid(), 65534u);
    CHECK_EQ(getgroups(0, nullptr), 0);
    CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    CHECK(chroot("/") == -1 && errno == EPERM);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t parent = zdtm::fork_child([=] {
        CHECK_SYS(setgroups(0, nullptr));
        CHECK_SYS(setresgid(65534, 65534, 65534));
        CHECK_SYS(setresuid(65534, 65534, 65534));
        CHECK_SYS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        const pid_t child = zdtm::fork_child([=] {
            check_powerless();
            zdtm::stay_the_same(gate);
            check_powerless();
        });
        zdtm::stay_the_same(gate);
        check_powerless();
        zdtm::expect_exit(child);
    });
    gate->expect(2);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(parent);
    zdtm::pass();
}
