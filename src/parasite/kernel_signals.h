// What system calls about signals take and give: the kernel's own structures, which are not
// glibc's.
#pragma once

#include <cstdint>

namespace crtool::parasite {

inline constexpr uint64_t kKernelSigsetBytes = 8;

// struct sigaction as rt_sigaction(2) of x86_64 has it.
struct KernelAction {
    uint64_t handler, flags, restorer, mask;
};

}  // namespace crtool::parasite
