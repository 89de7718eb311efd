// /proc/PID/maps and /proc/PID/smaps as a list of areas.
//
// One parser for both: smaps is maps with detail lines after each area, of which the page size, the
// protection key and the VmFlags are kept. Made for 30,000 areas (20 MB of
// smaps) at a time: an area allocates only for its name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sys/vm_flags.h"

namespace crtool::sys {

struct Area {
    uint64_t start = 0;
    uint64_t end = 0;
    int prot = 0;  // PROT_READ | PROT_WRITE | PROT_EXEC
    // 's' in maps. A MAP_SHARED mapping of a file that is not open for writing is 's' too, but
    // then VmFlags have ms and not sh.
    bool shared = false;
    // The file's last link was gone when the kernel printed it. A living file whose name ends in
    // " (deleted)" looks the same: ask map_files when it matters.
    bool deleted = false;
    uint64_t offset = 0;
    uint32_t dev_major = 0;
    uint32_t dev_minor = 0;
    uint64_t inode = 0;
    // Path, "[heap]", "[anon:NAME]" …, or empty. \012 is a newline again; " (deleted)" is cut off.
    std::string name;

    // The rest is known from smaps only.
    uint64_t page_size = 4096;  // KernelPageSize: more than 4096 for hugetlb
    uint32_t pkey = 0;          // ProtectionKey
    VmFlags flags;
    std::vector<std::string> unknown_flags;  // codes that VmFlag does not have

    uint64_t size() const { return end - start; }

    // The first segment of System V shared memory has inode 0, on a device all the same.
    bool has_file() const { return inode != 0 || dev_major != 0 || dev_minor != 0; }
};

// Areas of maps or smaps text, ascending. Throws Errc::internal when it is neither.
std::vector<Area> parse_maps(std::string_view text);

// The same from an open maps or smaps file, piece by piece: a third faster than reading 20 MB of
// text first. Throws Errc::gone when the task has gone.
std::vector<Area> read_maps(int fd);

struct AddressRange {
    uint64_t start = 0;
    uint64_t end = 0;

    bool operator==(const AddressRange&) const = default;
};

// The areas of smaps text that have any page, in memory, swapped out or huge.
std::vector<AddressRange> parse_populated(std::string_view smaps);

}  // namespace crtool::sys
