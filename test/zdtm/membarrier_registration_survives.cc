// A program that has registered for barriers of its threads (membarrier(2)) may go on using those,
// and its child that has registered for another kind uses that; what was not registered is denied.
#include <linux/membarrier.h>
#include <sys/syscall.h>

#include "zdtm.h"

namespace {

constexpr int kGetRegistrations = 1 << 9;  // MEMBARRIER_CMD_GET_REGISTRATIONS, Linux 6.3

long barrier(int command) {
    return syscall(SYS_membarrier, command, 0, 0);
}

void expect_denied(int command) {
    CHECK_EQ(barrier(command), -1);
    CHECK_EQ(errno, EPERM);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const long commands = barrier(MEMBARRIER_CMD_QUERY);
    if (commands == -1 || (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) == 0) {
        zdtm::skip("this kernel has no barriers for restartable sequences");
    }
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_SYS(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ));
        expect_denied(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
        expect_denied(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_SYS(barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED));
    CHECK_SYS(barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE));
    CHECK_SYS(barrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED));
    const long registered = barrier(kGetRegistrations);

    zdtm::checkpoint_here();

    CHECK_SYS(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
    CHECK_SYS(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE));
    expect_denied(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ);
    CHECK_EQ(barrier(kGetRegistrations), registered);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
