// A task whose filter forbids all that a checkpoint may want to do inside it (mapping memory,
// sockets, timers, prctl) is carried none the less, and is as forbidden as before.
#include <cstring>

#include "filter.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char text[32];
    strcpy(text, "still here");
    zdtm::install_filter({SYS_mmap,
                          SYS_munmap,
                          SYS_mprotect,
                          SYS_mremap,
                          SYS_madvise,
                          SYS_socket,
                          SYS_sendmsg,
                          SYS_recvmsg,
                          SYS_memfd_create,
                          SYS_ptrace,
                          SYS_process_vm_readv,
                          SYS_setitimer,
                          SYS_getitimer,
                          SYS_timer_create,
                          SYS_rt_sigaction,
                          SYS_sigaltstack,
                          SYS_arch_prctl,
                          SYS_futex,
                          SYS_poll,
                          SYS_ppoll,
                          SYS_vmsplice,
                          SYS_clone,
                          SYS_clone3,
                          SYS_dup,
                          SYS_dup3},
                         SECCOMP_RET_KILL_PROCESS);

    zdtm::checkpoint_here();

    CHECK(strcmp(text, "still here") == 0);
    CHECK_EQ(prctl(PR_GET_SECCOMP), 2);
    zdtm::pass();
}
