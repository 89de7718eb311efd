// See text_scanner.h.
#include "sys/text_scanner.h"

#include <climits>
#include <cstring>
#include <string>

#include "base/error.h"

namespace crtool::sys {
namespace {

// 16 for what is no digit at all.
unsigned digit_value(char c) {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A') + 10;
    return 16;
}

}  // namespace

void TextScanner::fail_here(const char* why) const {
    std::string next;
    for (char c : rest().substr(0, 40))
        next += c >= ' ' && c < 127 ? c : '?';
    fail(Errc::internal, "cannot parse {}: {} at '{}'", what_, why, next);
}

uint64_t TextScanner::number(unsigned base) {
    uint64_t value = 0;
    const char* first = next_;
    for (; next_ != end_; ++next_) {
        unsigned digit = digit_value(*next_);
        if (digit >= base)
            break;
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value))
            fail_here("number too large");
    }
    if (next_ == first)
        fail_here("no number");
    return value;
}

uint64_t TextScanner::dec() {
    return number(10);
}

uint64_t TextScanner::hex() {
    return number(16);
}

uint64_t TextScanner::oct() {
    return number(8);
}

int64_t TextScanner::signed_dec() {
    bool negative = accept('-');
    uint64_t magnitude = number(10);
    constexpr uint64_t kMost = static_cast<uint64_t>(INT64_MAX);
    if (magnitude > kMost + (negative ? 1 : 0))
        fail_here("number too large");
    return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
}

int TextScanner::signed_int() {
    int64_t value = signed_dec();
    if (value < INT_MIN || value > INT_MAX)
        fail_here("number too large");
    return static_cast<int>(value);
}

std::string_view TextScanner::word() {
    const char* first = next_;
    while (next_ != end_ && *next_ != ' ' && *next_ != '\t' && *next_ != '\n')
        ++next_;
    return {first, static_cast<size_t>(next_ - first)};
}

std::string_view TextScanner::until(char stop) {
    const void* found =
        next_ == end_ ? nullptr : memchr(next_, stop, static_cast<size_t>(end_ - next_));
    if (found == nullptr)
        fail_here("unexpected end");
    const char* first = next_;
    const char* last = static_cast<const char*>(found);
    next_ = last + 1;
    return {first, static_cast<size_t>(last - first)};
}

std::string_view TextScanner::line() {
    const void* found =
        next_ == end_ ? nullptr : memchr(next_, '\n', static_cast<size_t>(end_ - next_));
    const char* first = next_;
    const char* last = found == nullptr ? end_ : static_cast<const char*>(found);
    next_ = found == nullptr ? end_ : last + 1;
    return {first, static_cast<size_t>(last - first)};
}

}  // namespace crtool::sys
