// May this machine run what the image holds?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/inventory.pb.h"

namespace crtool::image {

// What the restoring machine is; arch/ and uname(2) give the values.
struct CpuInfo {
    std::string machine;  // uname -m
    std::string vendor;
    std::vector<std::string> features;  // names as in /proc/cpuinfo
    uint64_t xcr0 = 0;
    uint32_t xsave_size = 0;  // bytes of an NT_X86_XSTATE register set
};

// CPU features of the image that this CPU has not, in the image's order.
std::vector<std::string> missing_features(const Inventory& inventory, const CpuInfo& cpu);

// Throws bad_image with the whole verdict in one line: another machine, features that are missing
// (all of them named), register state that this CPU cannot hold.
void check_machine(const Inventory& inventory, const CpuInfo& cpu);

}  // namespace crtool::image
