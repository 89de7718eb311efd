// The flags of a memory area, as the VmFlags line of smaps tells them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crtool::sys {

// The two-letter codes of smaps' VmFlags line, as bits. Values are crtool's own and may change:
// images store the codes' meaning, never these numbers.
enum class VmFlag : uint64_t {
    rd = 1ULL << 0,   // readable
    wr = 1ULL << 1,   // writable
    ex = 1ULL << 2,   // executable
    sh = 1ULL << 3,   // shared
    mr = 1ULL << 4,   // may become readable
    mw = 1ULL << 5,   // may become writable
    me = 1ULL << 6,   // may become executable
    ms = 1ULL << 7,   // may be shared: MAP_SHARED of a file, also when opened read-only
    gd = 1ULL << 8,   // grows down
    pf = 1ULL << 9,   // pure PFN mapping (vvar, devices)
    dw = 1ULL << 10,  // disabled write to the mapped file, kernel < 6.6
    lo = 1ULL << 11,  // locked
    io = 1ULL << 12,  // device memory
    sr = 1ULL << 13,  // MADV_SEQUENTIAL
    rr = 1ULL << 14,  // MADV_RANDOM
    dc = 1ULL << 15,  // MADV_DONTFORK
    de = 1ULL << 16,  // never expanded by mremap
    lf = 1ULL << 17,  // MLOCK_ONFAULT (together with lo), kernel ≥ 6.7
    ac = 1ULL << 18,  // accounted
    nr = 1ULL << 19,  // MAP_NORESERVE
    ht = 1ULL << 20,  // hugetlb
    sf = 1ULL << 21,  // MAP_SYNC
    ar = 1ULL << 22,  // architecture specific
    wf = 1ULL << 23,  // MADV_WIPEONFORK
    dd = 1ULL << 24,  // MADV_DONTDUMP
    sd = 1ULL << 25,  // soft-dirty
    mm = 1ULL << 26,  // mixed map
    hg = 1ULL << 27,  // MADV_HUGEPAGE
    nh = 1ULL << 28,  // MADV_NOHUGEPAGE
    mg = 1ULL << 29,  // MADV_MERGEABLE
    um = 1ULL << 30,  // userfaultfd, missing pages
    uw = 1ULL << 31,  // userfaultfd, write-protect
    ui = 1ULL << 32,  // userfaultfd, minor faults
    ss = 1ULL << 33,  // shadow stack, kernel ≥ 6.6
    dp = 1ULL << 34,  // MAP_DROPPABLE, kernel ≥ 6.11
    sl = 1ULL << 35,  // sealed (mseal), kernel ≥ 6.10 on 64 bit
    gu = 1ULL << 36,  // has or may have guard regions, kernel ≥ 6.19
};

class VmFlags {
  public:
    constexpr VmFlags() = default;

    constexpr explicit VmFlags(uint64_t bits) : bits_(bits) {}

    constexpr bool has(VmFlag flag) const { return (bits_ & static_cast<uint64_t>(flag)) != 0; }

    constexpr void set(VmFlag flag) { bits_ |= static_cast<uint64_t>(flag); }

    constexpr uint64_t bits() const { return bits_; }

    constexpr bool operator==(const VmFlags&) const = default;

  private:
    uint64_t bits_ = 0;
};

// The flag of a two-letter code; nullopt for one that VmFlag does not have.
std::optional<VmFlag> vm_flag_of(std::string_view code);
// The two letters of a flag.
std::string_view vm_flag_code(VmFlag flag);
// "rd wr mr", in the order of VmFlag.
std::string format_vm_flags(VmFlags flags);

}  // namespace crtool::sys
