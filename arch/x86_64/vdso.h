// The vdso as data: its functions, and how calls of an old one are led to another kernel's.
//
// The vdso is a small ELF file that the kernel maps into every program, its data pages ([vvar])
// before it. Programs look its functions up once, at their start, and keep the addresses; so under
// a kernel with another vdso the saved code must stay where it was, while its data pages mean
// nothing any more. Each function of it that has a symbol therefore begins with a jump (5 bytes,
// `jmp rel32`) into a page of springboards just before the code, where the data pages were. A
// springboard jumps on to the same function of the running kernel's vdso, or makes the system call
// that the function stands for. The rest of the old code stays as it was, for those who are in it:
// what returns out of a system call there goes on, and what still reads data finds zeros, which say
// that no clock source can be read from user space: the system call is made instead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crtool::arch {

struct VdsoFunction {
    std::string name;  // "__vdso_clock_gettime"
    uint64_t offset;   // of its first instruction

    bool operator==(const VdsoFunction&) const = default;
};

// Functions with a name of the kernel's own (__vdso_*) that a vdso exports; empty when `image` is
// no 64-bit ELF file that can be understood. It may come from anywhere.
std::vector<VdsoFunction> vdso_functions(std::string_view image);

// Both have the same code at the same places, so that one can stand for the other even for those
// who are inside: the same size and the same build id. (Bytes may differ, since the kernel patches
// the code for the CPU that it runs on.)
bool same_vdso(std::string_view a, std::string_view b);

inline constexpr uint64_t kSpringboardBytes = 4096;

// What lies from `address` - kSpringboardBytes on: springboards, and the code of `saved` that leads
// to them. `address`: where the code of `saved` is; `other`: the vdso at `other_address`; empty:
// there is none. Throws unsupported when a function is of no use under another kernel.
std::string redirected_vdso(std::string_view saved, uint64_t address, std::string_view other,
                            uint64_t other_address);

}  // namespace crtool::arch
