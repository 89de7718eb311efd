// See narrow.h.
#include "narrow.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "zdtm.h"

namespace target {

void confine() {
    constexpr uint32_t kAllowed[] = {SYS_read,   SYS_write, SYS_close,        SYS_rt_sigreturn,
                                     SYS_munmap, SYS_time,  SYS_ppoll,        SYS_recvfrom,
                                     SYS_pause,  SYS_futex, SYS_clock_gettime};
    std::vector<sock_filter> filter = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    for (const uint32_t number : kAllowed) {
        filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
        filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    const sock_fprog program = {static_cast<uint16_t>(filter.size()), filter.data()};
    CHECK_SYS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK_SYS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

void fill_descriptors() {
    const rlimit limit = {24, 24};
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    while (dup(0) != -1) {
    }
}

}  // namespace target
