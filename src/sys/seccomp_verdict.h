// What a seccomp filter says to a system call, found by running it here: classic BPF over struct
// seccomp_data, as seccomp(2) and the kernel's net/core/filter.c (seccomp_check_filter) define it.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <span>

namespace crtool::sys {

// SECCOMP_RET_KILL_PROCESS for what the kernel would not have taken as a filter.
uint32_t seccomp_verdict(std::span<const sock_filter> program, const seccomp_data& call);

// Whether system call `number` of this machine is let through, were all its arguments 0.
bool seccomp_allows(std::span<const sock_filter> program, int number);

}  // namespace crtool::sys
