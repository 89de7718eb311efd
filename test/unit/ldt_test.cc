// Descriptors of a local descriptor table into what modify_ldt(2) takes.
#include "arch/x86_64/ldt.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>

using namespace crtool;

namespace {

std::string table(std::initializer_list<uint64_t> descriptors) {
    std::string bytes;
    for (uint64_t descriptor : descriptors)
        bytes.append(reinterpret_cast<const char*>(&descriptor), sizeof descriptor);
    return bytes;
}

}  // namespace

TEST_CASE("ldt: every part of a descriptor") {
    // Base 0x12345678, limit 0x9abcd pages, 32 bits, present, available; data, writable.
    auto entries = arch::ldt_entries(table({0, 0x12d9f3345678abcd}));
    REQUIRE(entries.size() == 1);
    const user_desc& entry = entries[0];
    CHECK(entry.entry_number == 1);
    CHECK(entry.base_addr == 0x12345678);
    CHECK(entry.limit == 0x9abcd);
    CHECK(entry.contents == 0);
    CHECK(entry.read_exec_only == 0);
    CHECK(entry.seg_not_present == 0);
    CHECK(entry.seg_32bit == 1);
    CHECK(entry.limit_in_pages == 1);
    CHECK(entry.useable == 1);
    // Conforming code that cannot be read and is not there, in bytes, 32 bits.
    entries = arch::ldt_entries(table({0x00407d0000000001}));
    CHECK(entries[0].contents == 3);
    CHECK(entries[0].read_exec_only == 1);
    CHECK(entries[0].seg_not_present == 1);
    CHECK(entries[0].seg_32bit == 1);
    CHECK(entries[0].limit_in_pages == 0);
    CHECK(entries[0].useable == 0);
    CHECK(entries[0].limit == 1);
}

TEST_CASE("ldt: empty descriptors") {
    CHECK(arch::trimmed_ldt(table({0, 5, 0, 0})).size() == 16);
    CHECK(arch::trimmed_ldt(table({0, uint64_t{5} << 56, 0})).size() == 16);
    CHECK(arch::trimmed_ldt(table({0, 0})).size() == 8);
    CHECK(arch::ldt_entries({}).empty());
    // A table without entries is still one; this is how the kernel is told "no entry".
    auto entries = arch::ldt_entries(table({0}));
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].seg_not_present == 1);
    CHECK(entries[0].read_exec_only == 1);
}
