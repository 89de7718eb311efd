// Making a process that begins its life in other code than the caller's.
#pragma once

#include <cstdint>

namespace crtool::arch {

// clone3(2) with these arguments (struct clone_args of `size` bytes, with a stack). The child jumps
// to `entry` with `argument` in rdi, the stack pointer at the top of its stack, and never returns.
// The child's id, or -errno.
int64_t clone_into(const void* clone_args, uint64_t size, uint64_t entry, uint64_t argument);

}  // namespace crtool::arch
