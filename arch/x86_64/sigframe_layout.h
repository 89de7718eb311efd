// Where things stand in a signal frame, from its ucontext on. Freestanding.
#pragma once

#include <cstdint>

namespace crtool::arch {

inline constexpr uint64_t kFrameAlignment = 64;
// The only address within a frame is that of its XSAVE area: a frame is moved by copying it and
// writing this anew.
inline constexpr uint64_t kFramePointer = 224;
inline constexpr uint64_t kFrameXstate = 320;

}  // namespace crtool::arch
