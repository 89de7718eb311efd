// A thread whose system calls are handed to itself (PR_SET_SYSCALL_USER_DISPATCH) keeps range and
// selector: calls are blocked when the selector says so, and pass when it does not.
#include <signal.h>
#include <sys/prctl.h>

#include "threads.h"

namespace {

volatile char selector = SYSCALL_DISPATCH_FILTER_ALLOW;
volatile int dispatched;

void handler(int, siginfo_t* info, void*) {
    selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    CHECK_EQ(info->si_code, 2);  // SYS_USER_DISPATCH
    dispatched = info->si_syscall;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = handler;
    CHECK_SYS(sigaction(SIGSYS, &action, nullptr));
    if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &selector) != 0) {
        zdtm::skip("this kernel does not dispatch system calls to user space");
    }
    CHECK_SYS(prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, 0));
    zdtm::checkpoint_with_threads(
        2,
        [](int i) {
            if (i == 1) {
                CHECK_SYS(prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &selector));
            }
        },
        [](int i) {
            if (i == 1) {
                selector = SYSCALL_DISPATCH_FILTER_BLOCK;
                syscall(SYS_getsid, 0);
                CHECK_EQ(dispatched, SYS_getsid);
                CHECK(syscall(SYS_getsid, 0) > 0);
            }
        });
    selector = SYSCALL_DISPATCH_FILTER_BLOCK;
    dispatched = 0;
    CHECK(syscall(SYS_getsid, 0) > 0);
    CHECK_EQ(dispatched, 0);
    zdtm::pass();
}
