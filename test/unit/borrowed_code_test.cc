// Instructions found in the text of a task: see arch/x86_64/borrowed_code.h.
#include "arch/x86_64/borrowed_code.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

using namespace std::string_view_literals;
using crtool::arch::BorrowedCode;

namespace {

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

BorrowedCode found_in(std::string_view text) {
    BorrowedCode found;
    crtool::arch::find_borrowed(bytes(text), 0x1000, found);
    return found;
}

}  // namespace

TEST_CASE("instructions are found where they are") {
    // getpid; a handler's return; a call that does not return at once.
    BorrowedCode found =
        found_in("\x90\xb8\x27\0\0\0\x0f\x05\xc3\x48\xc7\xc0\x0f\0\0\0\x0f\x05\x90"sv);
    CHECK(found.syscall == 0x1006);
    CHECK(found.syscall_ret == 0x1006);
    CHECK(found.sigreturn == 0x1009);
}

TEST_CASE("the short form of a handler's return") {
    CHECK(found_in("\x90\x90\xb8\x0f\0\0\0\x0f\x05"sv).sigreturn == 0x1002);
    CHECK(found_in("\xb8\x0e\0\0\0\x0f\x05"sv).sigreturn == BorrowedCode::kNotFound);
}

TEST_CASE("what is not there stays unknown") {
    BorrowedCode found = found_in("\x0f\x05\x48\x3d\x0f"sv);
    CHECK(found.syscall == 0x1000);
    CHECK(found.syscall_ret == BorrowedCode::kNotFound);
    CHECK(found.sigreturn == BorrowedCode::kNotFound);
    CHECK(found_in(""sv).syscall == BorrowedCode::kNotFound);
}

TEST_CASE("what was found first stays") {
    BorrowedCode found = found_in("\x0f\x05"sv);
    crtool::arch::find_borrowed(bytes("\x0f\x05\xc3"sv), 0x2000, found);
    CHECK(found.syscall == 0x1000);
    CHECK(found.syscall_ret == 0x2000);
}

TEST_CASE("a text searched in pieces is searched whole") {
    std::string_view text = "\x90\x90\x48\xc7\xc0\x0f\0\0\0\x0f\x05"sv;
    for (size_t cut = 0; cut < text.size(); cut++) {
        BorrowedCode found;
        size_t overlap = std::min(cut, crtool::arch::kBorrowedOverlap);
        crtool::arch::find_borrowed(bytes(text.substr(0, cut)), 0, found);
        crtool::arch::find_borrowed(bytes(text.substr(cut - overlap)), cut - overlap, found);
        CHECK(found.sigreturn == 2);
    }
}

TEST_CASE("a system call is found wherever it stands") {
    for (size_t size : {size_t{2}, size_t{16}, size_t{17}, size_t{40}})
        for (size_t at = 0; at + 2 <= size; at++) {
            std::string text(size, '\x0f');
            text.replace(at, 2, "\x0f\x05"sv);
            CHECK(found_in(text).syscall == 0x1000 + at);
        }
}

TEST_CASE("instructions that are known are known again") {
    CHECK(crtool::arch::is_syscall_ret(bytes("\x0f\x05\xc3\x90"sv)));
    CHECK_FALSE(crtool::arch::is_syscall_ret(bytes("\x0f\x05\x90"sv)));
    CHECK(crtool::arch::is_sigreturn(bytes("\xb8\x0f\0\0\0\x0f\x05"sv)));
    CHECK_FALSE(crtool::arch::is_sigreturn(bytes("\xcc\x0f\0\0\0\x0f\x05"sv)));
}
