// maps and smaps text, literal and from this process.
#include "sys/proc_maps.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/mapping.h"

using namespace crtool::sys;

namespace {

constexpr const char* kMaps =
    "00400000-00452000 r-xp 00001000 fe:0a 173521                             /usr/bin/dbus "
    "daemon\n"
    "00e03000-00e24000 rw-p 00000000 00:00 0                                  [heap]\n"
    "7f0000000000-7f0000001000 ---p 00000000 00:00 0 \n"
    "7f0000001000-7f0000002000 rw-s 00000000 00:01 1035                       /memfd:x y "
    "(deleted)\n"
    "7f0000002000-7f0000003000 r--s 00003000 00:14 18446744073709551615       /tmp/a\\012b\\01\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";

std::string smaps_area(uint64_t start, std::string_view flags) {
    return fmt::format(
        "{:x}-{:x} rw-p 00000000 00:00 0 \n"
        "Size:                  4 kB\nKernelPageSize:        4 kB\nMMUPageSize:           4 kB\n"
        "Rss:                   0 kB\nPss:                   0 kB\nPss_Dirty:             0 kB\n"
        "Shared_Clean:          0 kB\nShared_Dirty:          0 kB\nPrivate_Clean:         0 kB\n"
        "Private_Dirty:         0 kB\nReferenced:            0 kB\nAnonymous:             0 kB\n"
        "KSM:                   0 kB\nLazyFree:              0 kB\nAnonHugePages:         0 kB\n"
        "ShmemPmdMapped:        0 kB\nFilePmdMapped:         0 kB\nShared_Hugetlb:        0 kB\n"
        "Private_Hugetlb:       0 kB\nSwap:                  0 kB\nSwapPss:               0 kB\n"
        "Locked:                0 kB\nTHPeligible:           0\nProtectionKey:         3\n"
        "VmFlags: {}\n",
        start, start + 4096, flags);
}

const Area* find(const std::vector<Area>& areas, uint64_t address) {
    auto holds = [&](const Area& area) { return area.start <= address && address < area.end; };
    auto found = std::find_if(areas.begin(), areas.end(), holds);
    return found == areas.end() ? nullptr : &*found;
}

std::vector<Area> own_smaps() {
    return parse_maps(read_file_at(AT_FDCWD, "/proc/self/smaps"));
}

}  // namespace

TEST_CASE("maps: every field of every kind of area") {
    std::vector<Area> areas = parse_maps(kMaps);
    REQUIRE(areas.size() == 6);
    CHECK(areas[0].start == 0x400000);
    CHECK(areas[0].end == 0x452000);
    CHECK(areas[0].prot == (PROT_READ | PROT_EXEC));
    CHECK_FALSE(areas[0].shared);
    CHECK(areas[0].offset == 0x1000);
    CHECK(areas[0].dev_major == 0xfe);
    CHECK(areas[0].dev_minor == 0x0a);
    CHECK(areas[0].inode == 173521);
    CHECK(areas[0].name == "/usr/bin/dbus daemon");
    CHECK_FALSE(areas[0].deleted);
    CHECK(areas[1].name == "[heap]");
    CHECK(areas[2].name.empty());
    CHECK(areas[2].prot == PROT_NONE);
    CHECK(areas[3].name == "/memfd:x y");
    CHECK(areas[3].deleted);
    CHECK(areas[3].shared);
    CHECK(areas[4].name == "/tmp/a\nb\\01");
    CHECK(areas[4].inode == UINT64_MAX);
    CHECK(areas[5].start == 0xffffffffff600000);
    CHECK(areas[5].flags == VmFlags());
}

TEST_CASE("smaps: areas that have pages") {
    auto area = [](uint64_t start, const char* counters) {
        return fmt::format("{:x}-{:x} rw-p 00000000 00:00 0\nSize:  4096 kB\n{}VmFlags: rd\n",
                           start, start + 0x1000, counters);
    };
    std::string text = area(0x1000, "Rss:  0 kB\nSwap:  0 kB\n") +
                       area(0x2000, "Rss:  4 kB\nSwap:  0 kB\n") +
                       area(0x3000, "Rss:  0 kB\nSwap:  8 kB\n") +
                       area(0x4000, "Rss:  0 kB\nPrivate_Hugetlb:  2048 kB\nSwap:  0 kB\n") +
                       area(0x5000, "Rss:  0 kB\nShared_Hugetlb:  2048 kB\n") + area(0x6000, "");
    CHECK(parse_populated(text) ==
          std::vector<AddressRange>{
              {0x2000, 0x3000}, {0x3000, 0x4000}, {0x4000, 0x5000}, {0x5000, 0x6000}});
    CHECK(parse_populated("").empty());
}

TEST_CASE("smaps: flags, key and page size") {
    std::string text = smaps_area(0x1000, "rd wr mr mw me gd ac lf zz sl ") +
                       "2000-202000 rw-s 00000000 00:0f 7    /anon_hugepage (deleted)\n"
                       "KernelPageSize:     2048 kB\nVmFlags: rd sh ht \n" +
                       smaps_area(0x300000, "");
    std::vector<Area> areas = parse_maps(text);
    REQUIRE(areas.size() == 3);
    CHECK(format_vm_flags(areas[0].flags) == "rd wr mr mw me gd lf ac sl");
    CHECK(areas[0].flags.has(VmFlag::gd));
    CHECK_FALSE(areas[0].flags.has(VmFlag::ex));
    CHECK(areas[0].unknown_flags == std::vector<std::string>{"zz"});
    CHECK(areas[0].pkey == 3);
    CHECK(areas[0].page_size == 4096);
    CHECK(areas[1].page_size == 2U << 20);
    CHECK(areas[1].flags.has(VmFlag::ht));
    CHECK(areas[2].flags.bits() == 0);
}

TEST_CASE("smaps: of a locked area a flag without a name is that of MLOCK_ONFAULT") {
    std::vector<Area> areas =
        parse_maps(smaps_area(0x1000, "rd wr lo ?? ac ") + smaps_area(0x2000, "rd wr ?? ac "));
    CHECK(format_vm_flags(areas[0].flags) == "rd wr lo lf ac");
    CHECK(areas[0].unknown_flags.empty());
    CHECK(format_vm_flags(areas[1].flags) == "rd wr ac");
    CHECK(areas[1].unknown_flags == std::vector<std::string>{"??"});
}

TEST_CASE("maps: nonsense is refused") {
    const char* line =
        GENERATE("x", "1000", "1000-", "1000-1000 rw-p 0 0:0 0\n", "2000-1000 rw-p 0 0:0 0\n",
                 "1000-2000 qw-p 0 0:0 0\n", "1000-2000 rw-q 0 0:0 0\n", "1000-2000 rw-p 0 0 0\n",
                 "1000-2000 rw-p 0 0:0 \n", "Size: 4 kB\n",
                 "1000-2000 rw-p 0 0:0 0\n1000-2000 rw-p 0 0:0 0\n");
    CHECK_THROWS_AS(parse_maps(line), crtool::Error);
    CHECK(parse_maps("").empty());
}

TEST_CASE("vm_flag_code gives the two letters back") {
    CHECK(vm_flag_code(VmFlag::rd) == "rd");
    CHECK(vm_flag_code(VmFlag::gu) == "gu");
    CHECK(vm_flag_of("sl") == VmFlag::sl);
    CHECK(vm_flag_of("zz") == std::nullopt);
    CHECK(vm_flag_of("R1") == std::nullopt);
    CHECK(vm_flag_of("") == std::nullopt);
}

TEST_CASE("smaps of this process shows what madvise did") {
    Mapping memory(nullptr, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(::madvise(memory.data() + 4096, 4096, MADV_DONTFORK) == 0);
    std::vector<Area> areas = own_smaps();
    const Area* area = find(areas, memory.address() + 4096);
    REQUIRE(area != nullptr);
    CHECK(area->start == memory.address() + 4096);
    CHECK(area->size() == 4096);
    CHECK(area->flags.has(VmFlag::dc));
    CHECK(area->flags.has(VmFlag::rd));
    CHECK_FALSE(area->flags.has(VmFlag::ex));
    for (const Area& each : areas)
        CHECK(each.unknown_flags.empty());
}

TEST_CASE("smaps and maps agree", "[proc]") {
    std::string maps = read_file_at(AT_FDCWD, "/proc/self/maps");
    std::vector<Area> plain = parse_maps(maps);
    CHECK(plain.size() == static_cast<size_t>(std::count(maps.begin(), maps.end(), '\n')));
    bool code = std::any_of(plain.begin(), plain.end(),
                            [](const Area& area) { return (area.prot & PROT_EXEC) != 0; });
    CHECK(code);
}

TEST_CASE("read_maps gives what parse_maps gives, in pieces") {
    std::string text = kMaps;
    text.resize(text.rfind('\n', text.size() - 2) + 1);  // without vsyscall, which is last
    for (uint64_t i = 0; i < 2000; ++i)
        text +=
            smaps_area(0x7f1000000000 + i * 8192, i % 3 == 0 ? "rd mr \nOther: 1" : "rd wr ac ");
    UniqueFd file = memfd("smaps");
    write_all(file.get(), text);
    REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
    std::vector<Area> read = read_maps(file.get());
    std::vector<Area> parsed = parse_maps(text);
    REQUIRE(read.size() == 2005);
    REQUIRE(parsed.size() == read.size());
    for (size_t i = 0; i < read.size(); ++i) {
        bool same = read[i].start == parsed[i].start && read[i].flags == parsed[i].flags &&
                    read[i].name == parsed[i].name && read[i].pkey == parsed[i].pkey;
        REQUIRE(same);
    }
    CHECK(read_maps(open_at(AT_FDCWD, "/dev/null", O_RDONLY).get()).empty());
}

TEST_CASE("smaps: counters of other widths are skipped too") {
    std::string wide = smaps_area(0x2000, "rd wr ");
    wide.replace(wide.find("       0 kB\nPss:"), 8, "123456789");
    std::string text =
        smaps_area(0, "rd ") + wide + smaps_area(0x4000, "rd ex ") + smaps_area(0x6000, "wr ");
    std::vector<Area> areas = parse_maps(text);
    REQUIRE(areas.size() == 4);
    CHECK(format_vm_flags(areas[0].flags) == "rd");
    CHECK(format_vm_flags(areas[1].flags) == "rd wr");
    CHECK(format_vm_flags(areas[2].flags) == "rd ex");
    CHECK(format_vm_flags(areas[3].flags) == "wr");
    for (const Area& area : areas)
        CHECK(area.pkey == 3);
}

TEST_CASE("smaps of 30,000 areas parse in milliseconds", "[.][speed]") {
    std::string text;
    for (uint64_t i = 0; i < 30'000; ++i)
        text += smaps_area(0x10000000 + i * 8192, "rd wr mr mw me ac ");
    using Clock = std::chrono::steady_clock;
    std::chrono::duration<double, std::milli> best{1e9};
    for (int round = 0; round < 10; ++round) {
        Clock::time_point start = Clock::now();
        CHECK(parse_maps(text).size() == 30'000);
        best = std::min<std::chrono::duration<double, std::milli>>(best, Clock::now() - start);
    }
    WARN(fmt::format("{} MB in {:.1f} ms", text.size() >> 20, best.count()));
    CHECK(best.count() < 15);
}
