// See vm_flags.h. The codes are those of show_smap_vma_flags in the kernel.
#include "sys/vm_flags.h"

#include <array>
#include <bit>
#include <utility>

namespace crtool::sys {
namespace {

constexpr std::array<std::pair<std::string_view, VmFlag>, 37> kCodes = {{
    {"rd", VmFlag::rd}, {"wr", VmFlag::wr}, {"ex", VmFlag::ex}, {"sh", VmFlag::sh},
    {"mr", VmFlag::mr}, {"mw", VmFlag::mw}, {"me", VmFlag::me}, {"ms", VmFlag::ms},
    {"gd", VmFlag::gd}, {"pf", VmFlag::pf}, {"dw", VmFlag::dw}, {"lo", VmFlag::lo},
    {"io", VmFlag::io}, {"sr", VmFlag::sr}, {"rr", VmFlag::rr}, {"dc", VmFlag::dc},
    {"de", VmFlag::de}, {"lf", VmFlag::lf}, {"ac", VmFlag::ac}, {"nr", VmFlag::nr},
    {"ht", VmFlag::ht}, {"sf", VmFlag::sf}, {"ar", VmFlag::ar}, {"wf", VmFlag::wf},
    {"dd", VmFlag::dd}, {"sd", VmFlag::sd}, {"mm", VmFlag::mm}, {"hg", VmFlag::hg},
    {"nh", VmFlag::nh}, {"mg", VmFlag::mg}, {"um", VmFlag::um}, {"uw", VmFlag::uw},
    {"ui", VmFlag::ui}, {"ss", VmFlag::ss}, {"dp", VmFlag::dp}, {"sl", VmFlag::sl},
    {"gu", VmFlag::gu},
}};

constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

constexpr size_t kLetters = 26;

// Place of a code of two lower-case letters among all such codes.
constexpr size_t place(std::string_view code) {
    return static_cast<size_t>(code[0] - 'a') * kLetters + static_cast<size_t>(code[1] - 'a');
}

constexpr uint8_t kNoFlag = 64;

// Bit number of each code: one load a flag, since 30,000 areas have a quarter of a million of them.
constexpr std::array<uint8_t, kLetters * kLetters> make_code_index() {
    std::array<uint8_t, kLetters * kLetters> index{};
    index.fill(kNoFlag);
    for (const auto& [code, flag] : kCodes)
        index[place(code)] = static_cast<uint8_t>(std::countr_zero(static_cast<uint64_t>(flag)));
    return index;
}

constexpr std::array<uint8_t, kLetters* kLetters> kCodeIndex = make_code_index();

}  // namespace

std::optional<VmFlag> vm_flag_of(std::string_view code) {
    if (code.size() != 2 || !is_lower(code[0]) || !is_lower(code[1]))
        return std::nullopt;
    uint8_t bit = kCodeIndex[place(code)];
    if (bit == kNoFlag)
        return std::nullopt;
    return static_cast<VmFlag>(1ULL << bit);
}

std::string_view vm_flag_code(VmFlag flag) {
    for (const auto& [code, value] : kCodes)
        if (value == flag)
            return code;
    return "??";
}

std::string format_vm_flags(VmFlags flags) {
    std::string text;
    for (const auto& [code, flag] : kCodes) {
        if (!flags.has(flag))
            continue;
        if (!text.empty())
            text += ' ';
        text += code;
    }
    return text;
}

}  // namespace crtool::sys
