// See proc_maps.h. The formats are those of show_map_vma and show_smap in the kernel.
#include "sys/proc_maps.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <span>

#include "base/error.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

void add_flag(Area& area, std::string_view code) {
    if (std::optional<VmFlag> flag = vm_flag_of(code))
        area.flags.set(*flag);
    else
        area.unknown_flags.emplace_back(code);
}

// Only newlines are escaped in maps, so a backslash that does not begin \012 stands for itself.
std::string unescape(std::string_view text) {
    constexpr std::string_view kNewline = "\\012";
    std::string name(text);
    for (size_t at = name.find(kNewline); at != std::string::npos; at = name.find(kNewline, at + 1))
        name.replace(at, kNewline.size(), 1, '\n');
    return name;
}

void parse_name(TextScanner& scanner, Area& area) {
    scanner.skip_blanks();
    std::string_view name = scanner.line();
    constexpr std::string_view kDeleted = " (deleted)";
    if (name.ends_with(kDeleted)) {
        area.deleted = true;
        name.remove_suffix(kDeleted.size());
    }
    area.name = unescape(name);
}

void expect_flag(TextScanner& scanner, char letter, int bit, int& prot) {
    if (scanner.accept(letter))
        prot |= bit;
    else
        scanner.expect('-');
}

constexpr std::string_view kAfterCounters = "THPeligible:";

size_t read_some(int fd, std::span<char> buffer) {
    for (;;) {
        ssize_t got = ::read(fd, buffer.data(), buffer.size());
        if (got >= 0)
            return static_cast<size_t>(got);
        if (errno == ESRCH)
            fail(Errc::gone, "the address space has gone");
        if (errno != EINTR)
            fail_errno(errno, "cannot read the areas of a task");
    }
}

// "55d0…-55d1… r-xp 00001000 fe:00 1234   /path"
void parse_header(TextScanner& scanner, Area& area) {
    area.start = scanner.hex();
    scanner.expect('-');
    area.end = scanner.hex();
    if (area.end <= area.start)
        scanner.fail_here("empty area");
    scanner.expect(' ');
    expect_flag(scanner, 'r', PROT_READ, area.prot);
    expect_flag(scanner, 'w', PROT_WRITE, area.prot);
    expect_flag(scanner, 'x', PROT_EXEC, area.prot);
    area.shared = scanner.accept('s');
    if (!area.shared)
        scanner.expect('p');
    scanner.expect(' ');
    area.offset = scanner.hex();
    scanner.expect(' ');
    area.dev_major = static_cast<uint32_t>(scanner.hex());
    scanner.expect(':');
    area.dev_minor = static_cast<uint32_t>(scanner.hex());
    scanner.expect(' ');
    area.inode = scanner.dec();
    parse_name(scanner, area);
}

void parse_flags(std::string_view text, Area& area) {
    TextScanner scanner(text, "VmFlags");
    for (scanner.skip_blanks(); !scanner.at_end(); scanner.skip_blanks())
        add_flag(area, scanner.word());
    // Kernels before 6.7 have no name for it; nothing else that a locked area can be lacked one.
    constexpr std::string_view kNameless = "??";
    if (area.flags.has(VmFlag::lo) && std::erase(area.unknown_flags, kNameless) != 0)
        area.flags.set(VmFlag::lf);
}

// Appends the areas of a text, or of consecutive pieces of one that are cut between areas.
class MapsParser {
  public:
    explicit MapsParser(std::vector<Area>& areas) : areas_(areas) {}

    void parse(std::string_view text);

  private:
    void parse_details(TextScanner& scanner, Area& area);
    void skip_counters(TextScanner& scanner);

    std::vector<Area>& areas_;
    uint64_t last_end_ = 0;
    // Bytes from "Rss:" to "THPeligible:" in the area before, 0 for not known.
    size_t counters_size_ = 0;
};

// The counters of smaps are padded to a fixed width, so they mostly take as many bytes as those of
// the area before; when the line after them is where it then should be, it is this area's (the next
// area's is more than a whole block of counters away).
void MapsParser::skip_counters(TextScanner& scanner) {
    std::string_view rest = scanner.rest();
    if (counters_size_ != 0 && counters_size_ < rest.size() && rest[counters_size_ - 1] == '\n' &&
        rest.substr(counters_size_).starts_with(kAfterCounters)) {
        scanner.skip(counters_size_);
        return;
    }
    while (scanner.peek() >= 'A' && scanner.peek() <= 'Z' && !scanner.at(kAfterCounters) &&
           scanner.peek() != 'V')
        scanner.line();
    counters_size_ = rest.size() - scanner.rest().size();
}

// Detail lines of smaps begin with a capital letter, areas with a hex digit in lower case.
void MapsParser::parse_details(TextScanner& scanner, Area& area) {
    while (scanner.peek() >= 'A' && scanner.peek() <= 'Z') {
        if (scanner.at("Rss:")) {
            skip_counters(scanner);
        } else if (scanner.accept("VmFlags:")) {
            parse_flags(scanner.line(), area);
        } else if (scanner.accept("KernelPageSize:")) {
            scanner.skip_blanks();
            area.page_size = scanner.dec() * 1024;
            scanner.line();
        } else if (scanner.accept("ProtectionKey:")) {
            scanner.skip_blanks();
            area.pkey = static_cast<uint32_t>(scanner.dec());
            scanner.line();
        } else {
            scanner.line();
        }
    }
}

void MapsParser::parse(std::string_view text) {
    TextScanner scanner(text, "maps");
    while (!scanner.at_end()) {
        Area& area = areas_.emplace_back();
        parse_header(scanner, area);
        if (area.start < last_end_)
            scanner.fail_here("areas out of order");
        last_end_ = area.end;
        parse_details(scanner, area);
    }
}

// Where the last area in the text begins: what is before it is complete.
size_t last_area(std::string_view text) {
    size_t end = text.size();
    while (end > 0) {
        size_t newline = end == 1 ? std::string_view::npos : text.rfind('\n', end - 2);
        size_t line = newline == std::string_view::npos ? 0 : newline + 1;
        if (text[line] < 'A' || text[line] > 'Z')
            return line;
        end = line;
    }
    return 0;
}

}  // namespace

std::vector<Area> parse_maps(std::string_view text) {
    std::vector<Area> areas;
    MapsParser(areas).parse(text);
    return areas;
}

std::vector<AddressRange> parse_populated(std::string_view smaps) {
    std::vector<AddressRange> ranges;
    TextScanner scanner(smaps, "smaps");
    Area area;
    bool populated = false;
    auto finish = [&] {
        if (populated)
            ranges.push_back({area.start, area.end});
        populated = false;
    };
    while (!scanner.at_end()) {
        if (scanner.peek() < 'A' || scanner.peek() > 'Z') {
            finish();
            area = {};
            parse_header(scanner, area);
        } else if (scanner.accept("Rss:") || scanner.accept("Swap:") ||
                   scanner.accept("Private_Hugetlb:") || scanner.accept("Shared_Hugetlb:")) {
            scanner.skip_blanks();
            populated |= scanner.dec() != 0;
            scanner.line();
        } else {
            scanner.line();
        }
    }
    finish();
    return ranges;
}

std::vector<Area> read_maps(int fd) {
    std::vector<Area> areas;
    MapsParser parser(areas);
    std::vector<char> buffer(16U << 10);  // the kernel gives 4 KiB at a time
    size_t filled = 0;
    while (size_t got = read_some(fd, std::span(buffer).subspan(filled))) {
        filled += got;
        size_t complete = last_area({buffer.data(), filled});
        parser.parse({buffer.data(), complete});
        memmove(buffer.data(), buffer.data() + complete, filled - complete);
        filled -= complete;
        if (filled > buffer.size() / 2)
            buffer.resize(buffer.size() * 2);
    }
    parser.parse({buffer.data(), filled});
    return areas;
}

}  // namespace crtool::sys
