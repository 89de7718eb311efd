// A thread that asked for a signal when it reads the time stamp counter gets it after a restore,
// too; the other threads read it freely.
#include <setjmp.h>
#include <signal.h>
#include <sys/prctl.h>

#include "threads.h"

namespace {

thread_local sigjmp_buf back;

bool can_read() {
    if (sigsetjmp(back, 1) != 0) {
        return false;
    }
    return __builtin_ia32_rdtsc() != 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK(signal(SIGSEGV, [](int) { siglongjmp(back, 1); }) != SIG_ERR);
    zdtm::checkpoint_with_threads(
        2,
        [](int i) {
            if (i == 1) {
                CHECK_SYS(prctl(PR_SET_TSC, PR_TSC_SIGSEGV));
            }
        },
        [](int i) {
            int mode = 0;
            CHECK_SYS(prctl(PR_GET_TSC, &mode));
            CHECK_EQ(mode, i == 1 ? PR_TSC_SIGSEGV : PR_TSC_ENABLE);
            CHECK_EQ(can_read(), i == 0);
            // The vdso reads the counter; a thread cannot end without it in every C library.
            CHECK_SYS(prctl(PR_SET_TSC, PR_TSC_ENABLE));
        });
    CHECK(can_read());
    zdtm::pass();
}
