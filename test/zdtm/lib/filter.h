// Small seccomp filters: one answer for a few system calls, and yes to all others.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <initializer_list>
#include <vector>

#include "zdtm.h"

namespace zdtm {

// The calling thread's calls with these numbers get the answer (SECCOMP_RET_...) from now on.
inline void install_filter(std::initializer_list<long> numbers, uint32_t answer) {
    std::vector<sock_filter> code = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)};
    for (const long number : numbers) {
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 1));
        code.push_back(BPF_STMT(BPF_RET | BPF_K, answer));
    }
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog program = {static_cast<unsigned short>(code.size()), code.data()};
    CHECK_SYS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK_SYS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
}

// Whether a call is answered with this error.
inline bool gives(long number, int error) {
    errno = 0;
    return syscall(number, 0, 0, 0, 0) == -1 && errno == error;
}

inline std::string filters_of_thread() {
    return field(read_file("/proc/thread-self/status"), "Seccomp_filters");
}

}  // namespace zdtm
