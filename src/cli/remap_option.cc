// See remap_option.h.
#include "cli/remap_option.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace crtool::cli {
namespace {

using Address = std::array<uint8_t, 16>;

struct Side {
    Address address{};  // of IPv4 as ::ffff:a.b.c.d
    bool is_v4 = false;
    unsigned bits = 128;
};

template <typename... Args>
[[noreturn]] void refuse(const std::string& text, fmt::format_string<Args...> format,
                         Args&&... args) {
    fail(Errc::usage, "--tcp-remap {}: {}", text, fmt::format(format, std::forward<Args>(args)...));
}

// nullopt: it is no address.
std::optional<Side> parse_address(const std::string& text) {
    Side side;
    constexpr Address kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (::inet_pton(AF_INET6, text.c_str(), side.address.data()) == 1) {
        side.is_v4 = std::equal(kMapped.begin(), kMapped.begin() + 12, side.address.begin());
        return side;
    }
    side.is_v4 = true;
    side.address = kMapped;
    if (::inet_pton(AF_INET, text.c_str(), &side.address[12]) == 1)
        return side;
    return std::nullopt;
}

bool has_bits_after(const Side& side) {
    for (unsigned bit = side.bits; bit < 128; bit++) {
        if ((side.address[bit / 8] >> (7 - bit % 8) & 1) != 0)
            return true;
    }
    return false;
}

Side parse_side(const std::string& text, std::string_view side_text) {
    size_t slash = side_text.find('/');
    auto side = parse_address(std::string(side_text.substr(0, slash)));
    if (!side)
        refuse(text, "'{}' is no IPv4 or IPv6 address", side_text);
    if (slash != std::string_view::npos) {
        std::string_view digits = side_text.substr(slash + 1);
        unsigned longest = side->is_v4 ? 32 : 128;
        unsigned bits = 0;
        auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (error != std::errc() || end != digits.data() + digits.size() || bits == 0 ||
            bits > longest)
            refuse(text, "the length of a prefix is from 1 to {}, not '{}'", longest, digits);
        side->bits = 128 - longest + bits;
        if (has_bits_after(*side))
            refuse(text, "'{}' has bits beyond its prefix", side_text);
    }
    size_t first = side->is_v4 ? 12 : 0;
    if (std::all_of(side->address.begin() + static_cast<long>(first), side->address.end(),
                    [](uint8_t byte) { return byte == 0; }))
        refuse(text, "'{}' stands for every address, and stays as it is", side_text);
    return *side;
}

restore::AddressRule parse_remap(const std::string& text) {
    size_t equal = text.find('=');
    if (equal == std::string::npos)
        refuse(text, "it is not OLD=NEW");
    Side from = parse_side(text, text.substr(0, equal));
    Side to = parse_side(text, text.substr(equal + 1));
    if (from.is_v4 != to.is_v4)
        refuse(text, "one is an IPv4 address, the other is not");
    if (from.bits != to.bits)
        refuse(text, "both need a prefix of the same length");
    return {from.address, to.address, from.bits};
}

}  // namespace

std::vector<restore::AddressRule> parse_remaps(const std::vector<std::string>& texts) {
    std::vector<restore::AddressRule> rules;
    for (const std::string& text : texts) {
        restore::AddressRule rule = parse_remap(text);
        if (std::ranges::any_of(rules, [&](const restore::AddressRule& other) {
                return other.from == rule.from && other.bits == rule.bits;
            }))
            refuse(text, "another --tcp-remap says what becomes of it");
        rules.push_back(rule);
    }
    return rules;
}

}  // namespace crtool::cli
