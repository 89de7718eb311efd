// See ldt.h. Bits of a segment descriptor: Intel SDM volume 3, 3.4.5.
#include "arch/x86_64/ldt.h"

#include <cstdint>
#include <cstring>

namespace crtool::arch {
namespace {

unsigned bits(uint64_t descriptor, unsigned first, unsigned count) {
    return static_cast<unsigned>(descriptor >> first & ((uint64_t{1} << count) - 1));
}

user_desc to_user_desc(uint64_t descriptor, size_t number) {
    user_desc entry{};
    entry.entry_number = static_cast<unsigned>(number);
    entry.base_addr = bits(descriptor, 16, 24) | bits(descriptor, 56, 8) << 24;
    entry.limit = bits(descriptor, 0, 16) | bits(descriptor, 48, 4) << 16;
    entry.read_exec_only = bits(descriptor, 41, 1) ^ 1U;  // "writable", or "readable" code
    entry.contents = bits(descriptor, 42, 2);
    entry.seg_not_present = bits(descriptor, 47, 1) ^ 1U;
    entry.useable = bits(descriptor, 52, 1);
    entry.seg_32bit = bits(descriptor, 54, 1);
    entry.limit_in_pages = bits(descriptor, 55, 1);
    return entry;
}

}  // namespace

std::string_view trimmed_ldt(std::string_view descriptors) {
    size_t last = descriptors.find_last_not_of('\0');
    size_t used = last == std::string_view::npos ? 1 : last / LDT_ENTRY_SIZE + 1;
    return descriptors.substr(0, used * LDT_ENTRY_SIZE);
}

std::vector<user_desc> ldt_entries(std::string_view descriptors) {
    std::vector<user_desc> entries;
    for (size_t at = 0; at + LDT_ENTRY_SIZE <= descriptors.size(); at += LDT_ENTRY_SIZE) {
        uint64_t descriptor = 0;
        std::memcpy(&descriptor, descriptors.data() + at, sizeof descriptor);
        // Nothing but zeros is what the kernel takes for "no entry", also when it is the last one.
        if (descriptor != 0 || at + LDT_ENTRY_SIZE == descriptors.size())
            entries.push_back(to_user_desc(descriptor, at / LDT_ENTRY_SIZE));
    }
    return entries;
}

}  // namespace crtool::arch
