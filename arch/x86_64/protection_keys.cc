// See protection_keys.h.
#include "arch/x86_64/protection_keys.h"

#include <cpuid.h>

#include <algorithm>
#include <cstring>

#include "arch/x86_64/cpu_features.h"

namespace crtool::arch {
namespace {

constexpr uint32_t kComponent = 9;  // of the extended state
constexpr size_t kPresentBytes =
    512;  // offset of the mask of components that are there (XSTATE_BV)

// Where PKRU is in an XSAVE area that is not compacted.
size_t rights_offset() {
    uint32_t size = 0;
    uint32_t offset = 0;
    uint32_t unused = 0;
    __cpuid_count(0xd, kComponent, size, offset, unused, unused);
    return offset;
}

}  // namespace

bool has_protection_keys() {
    static const bool kHas = std::ranges::binary_search(cpu_features().names, "ospke");
    return kHas;
}

uint32_t key_rights(std::string_view xstate) {
    if (!has_protection_keys())
        return 0;
    static const size_t kOffset = rights_offset();
    uint64_t present = 0;
    uint32_t rights = 0;
    if (xstate.size() < std::max(kOffset + sizeof rights, kPresentBytes + sizeof present))
        return 0;
    std::memcpy(&present, xstate.data() + kPresentBytes, sizeof present);
    if ((present >> kComponent & 1) != 0)
        std::memcpy(&rights, xstate.data() + kOffset, sizeof rights);
    return rights;
}

void take_all_key_rights() {
    if (has_protection_keys())
        // wrpkru, as bytes: needs no -mpku.
        asm volatile(".byte 0x0f, 0x01, 0xef" : : "a"(0), "c"(0), "d"(0) : "memory");
}

}  // namespace crtool::arch
