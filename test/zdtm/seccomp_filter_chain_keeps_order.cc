// A chain of seccomp filters keeps its members and their order: of several answers the strictest
// counts, and among equal ones the newest filter's.
#include <signal.h>

#include "filter.h"

namespace {

std::atomic<int> trapped;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int, siginfo_t* info, void*) { trapped = info->si_syscall; };
    CHECK_SYS(sigaction(SIGSYS, &action, nullptr));
    zdtm::install_filter({SYS_getsid, SYS_getpgid, SYS_getpriority}, SECCOMP_RET_ERRNO | 111);
    zdtm::install_filter({SYS_getpgid}, SECCOMP_RET_ERRNO | 112);
    zdtm::install_filter({SYS_getsid, SYS_setpriority}, SECCOMP_RET_TRAP);
    zdtm::install_filter({SYS_getsid, SYS_getpriority}, SECCOMP_RET_LOG);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::filters_of_thread(), "4");
    CHECK(zdtm::gives(SYS_getpgid, 112));
    CHECK(zdtm::gives(SYS_getpriority, 111));
    CHECK_EQ(trapped, 0);
    syscall(SYS_getsid, 0);
    CHECK_EQ(trapped, SYS_getsid);
    syscall(SYS_setpriority, 0, 0, 0);
    CHECK_EQ(trapped, SYS_setpriority);
    CHECK(syscall(SYS_getppid) > 0);
    zdtm::pass();
}
