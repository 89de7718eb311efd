// Memory protection keys: what the CPU checks besides the page tables (pkeys(7), Intel's SDM
// 3A 4.6.2).
//
// Every thread has two bits for each of the 16 keys, in PKRU: no access, no writing. The register
// is a component of the extended state, so it goes with that into images, signal frames and back.
// Nothing says whose bits they are when the kernel works for somebody else: /proc/PID/mem does not
// look at them.
#pragma once

#include <cstdint>
#include <string_view>

namespace crtool::arch {

inline constexpr uint32_t kProtectionKeys = 16;

// The CPU has them, and the kernel uses them.
bool has_protection_keys();

// The rights (PKRU) in the extended state of a thread as ptrace(2) gives it; 0, which denies
// nothing, where the CPU has no keys.
uint32_t key_rights(std::string_view xstate);

inline bool may_read(uint32_t rights, uint32_t key) {
    return (rights >> 2 * key & 1) == 0;
}

inline bool may_write(uint32_t rights, uint32_t key) {
    return (rights >> 2 * key & 3) == 0;
}

// The calling thread, and all that it creates, may use memory under any key.
void take_all_key_rights();

}  // namespace crtool::arch
