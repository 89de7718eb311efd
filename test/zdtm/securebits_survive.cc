// Securebits, their locks, and the request to keep capabilities over a change of user ids stay:
// the next change of user ids keeps the permitted set, as it would have before.
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "zdtm.h"

namespace {

uint64_t permitted() {
    const std::string text = zdtm::read_file("/proc/self/status");
    return std::stoull(zdtm::field(text, "CapPrm"), nullptr, 16);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE;
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(prctl(PR_SET_SECUREBITS, bits, 0, 0, 0));
        CHECK_SYS(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(prctl(PR_GET_SECUREBITS), bits | SECBIT_KEEP_CAPS);
        CHECK_EQ(prctl(PR_GET_KEEPCAPS), 1);
        CHECK_EQ(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0), -1);
        const uint64_t before = permitted();
        CHECK(before != 0);
        CHECK_SYS(syscall(SYS_setresuid, 1000, 1000, 1000));
        CHECK_EQ(permitted(), before);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(prctl(PR_GET_SECUREBITS), 0);
    CHECK_EQ(prctl(PR_GET_KEEPCAPS), 0);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
