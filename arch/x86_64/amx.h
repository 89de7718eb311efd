// AMX: tiles are a part of the XSAVE area that a process must ask for (arch_prctl(2),
// ARCH_REQ_XCOMP_PERM; Documentation/arch/x86/xstate.rst) and that the kernel makes room for when a
// thread first uses it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace crtool::arch {

inline constexpr uint64_t kTileData = 18;  // number of the feature
inline constexpr int kRequestPermission = 0x1023;

constexpr bool may_use_tiles(uint64_t permitted) {
    return (permitted >> kTileData & 1) != 0;
}

// Whether an XSAVE area has anything in tiles: XSTATE_BV, the header's first word, tells.
inline bool uses_tiles(std::string_view xstate) {
    constexpr size_t kHeader = 512;
    constexpr uint64_t kTiles = uint64_t{3} << (kTileData - 1);  // TILECFG and TILEDATA
    uint64_t used = 0;
    if (xstate.size() < kHeader + sizeof used)
        return false;
    std::memcpy(&used, xstate.data() + kHeader, sizeof used);
    return (used & kTiles) != 0;
}

}  // namespace crtool::arch
