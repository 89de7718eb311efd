// See borrowed_code.h.
#include "arch/x86_64/borrowed_code.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <string_view>

namespace crtool::arch {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSyscall = "\x0f\x05"sv;
constexpr std::string_view kSyscallRet = "\x0f\x05\xc3"sv;
// With and without REX.W: glibc, musl and Go have the first.
constexpr std::string_view kSigreturnWide = "\x48\xc7\xc0\x0f\0\0\0\x0f\x05"sv;
constexpr std::string_view kSigreturn = "\xb8\x0f\0\0\0\x0f\x05"sv;

std::string_view as_text(std::span<const std::byte> code) {
    return {reinterpret_cast<const char*>(code.data()), code.size()};
}

void note(uint64_t address, uint64_t& found) {
    if (found == BorrowedCode::kNotFound)
        found = address;
}

// The next `syscall` of `text` from `at` on; its size when there is none. 16 places at a time: its
// first byte alone is everywhere in code, where memchr and memmem are slow.
size_t next_syscall(std::string_view text, size_t at) {
    const __m128i first = _mm_set1_epi8(kSyscall[0]);
    const __m128i second = _mm_set1_epi8(kSyscall[1]);
    for (; at + 17 <= text.size(); at += 16) {
        const auto* place = reinterpret_cast<const __m128i*>(text.data() + at);
        const auto* behind = reinterpret_cast<const __m128i*>(text.data() + at + 1);
        __m128i both = _mm_and_si128(_mm_cmpeq_epi8(_mm_loadu_si128(place), first),
                                     _mm_cmpeq_epi8(_mm_loadu_si128(behind), second));
        if (int mask = _mm_movemask_epi8(both); mask != 0)
            return at + static_cast<size_t>(std::countr_zero(static_cast<unsigned>(mask)));
    }
    return std::min(text.find(kSyscall, at), text.size());
}

}  // namespace

// All that is looked for has a system call in it.
void find_borrowed(std::span<const std::byte> code, uint64_t start, BorrowedCode& found) {
    std::string_view text = as_text(code);
    for (size_t at = next_syscall(text, 0); at < text.size(); at = next_syscall(text, at + 1)) {
        std::string_view behind = text.substr(0, at + kSyscall.size());
        note(start + at, found.syscall);
        if (text.substr(at).starts_with(kSyscallRet))
            note(start + at, found.syscall_ret);
        for (std::string_view sigreturn : {kSigreturnWide, kSigreturn})
            if (behind.ends_with(sigreturn))
                note(start + behind.size() - sigreturn.size(), found.sigreturn);
    }
}

bool is_syscall_ret(std::span<const std::byte> code) {
    return as_text(code).starts_with(kSyscallRet);
}

bool is_sigreturn(std::span<const std::byte> code) {
    return as_text(code).starts_with(kSigreturnWide) || as_text(code).starts_with(kSigreturn);
}

}  // namespace crtool::arch
