// Instructions that crtool borrows of a task, whose own text is never changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace crtool::arch {

// Addresses, or offsets in a text; kNotFound where there is none.
struct BorrowedCode {
    static constexpr uint64_t kNotFound = ~uint64_t{0};

    uint64_t syscall = kNotFound;      // `syscall`
    uint64_t syscall_ret = kNotFound;  // `syscall; ret`: the short functions of a C library
    uint64_t sigreturn = kNotFound;    // `mov $15, %eax; syscall`: where handlers return to
};

// The bytes of the longest of them, less one: what two pieces of a text must have in common to be
// searched one after the other.
inline constexpr size_t kBorrowedOverlap = 8;

// Notes what `found` lacks and `text`, which begins at `start`, has.
void find_borrowed(std::span<const std::byte> text, uint64_t start, BorrowedCode& found);

// Whether `code` begins with the instructions meant.
bool is_syscall_ret(std::span<const std::byte> code);
bool is_sigreturn(std::span<const std::byte> code);

}  // namespace crtool::arch
