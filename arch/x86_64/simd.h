// Which vector instructions code that crtool brings along may use.
#pragma once

namespace crtool::arch {

inline bool has_avx2() {
    return __builtin_cpu_supports("avx2") != 0;
}

}  // namespace crtool::arch
