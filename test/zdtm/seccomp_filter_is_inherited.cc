// A seccomp filter that a parent has installed before forking is in force in the child as well
// after a restore, in one made afterwards too, and not in a child that was there before.
#include "filter.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    auto wait_and_check = [&](bool filtered) {
        shared->ready++;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(zdtm::gives(SYS_getsid, 123), filtered);
        CHECK_EQ(zdtm::filters_of_thread(), filtered ? "1" : "0");
    };
    const pid_t early = zdtm::fork_child([&] { wait_and_check(false); });
    zdtm::install_filter({SYS_getsid}, SECCOMP_RET_ERRNO | 123);
    const pid_t child = zdtm::fork_child([&] { wait_and_check(true); });
    zdtm::wait_until([&] { return shared->ready == 2; });

    zdtm::checkpoint_here();

    CHECK(zdtm::gives(SYS_getsid, 123));
    CHECK_EQ(zdtm::filters_of_thread(), "1");
    zdtm::expect_exit(zdtm::fork_child([] { CHECK(zdtm::gives(SYS_getsid, 123)); }));
    shared->go = 1;
    zdtm::expect_exit(early);
    zdtm::expect_exit(child);
    zdtm::pass();
}
