// What this CPU can do, as a list of names that an image stores and a restore compares.
//
// A program may have looked at CPUID once and since relied on what it saw, so a restore needs every
// feature that user space could see at the dump, used or not. The names are those of /proc/cpuinfo
// where it has them. CPUID may be filtered by a hypervisor; that view is the one that counts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace crtool::arch {

struct CpuFeatures {
    std::string vendor;              // "GenuineIntel"
    std::vector<std::string> names;  // ascending
    uint64_t xcr0 = 0;        // state components that the kernel has enabled, 0 without XSAVE
    uint32_t xsave_size = 0;  // bytes of the user XSAVE area for xcr0, not compacted
};

// Of the CPU that the first caller ran on; read once, since every CPUID of a virtual machine is an
// exit to its host. Never fails.
const CpuFeatures& cpu_features();

// Features of the image that this machine lacks, ascending, as names ("avx512f", and "xcr0:9" for a
// state component that is not enabled here). Empty when the image can run here.
std::vector<std::string> missing_features(std::span<const std::string> image_names,
                                          uint64_t image_xcr0, const CpuFeatures& here);

}  // namespace crtool::arch
