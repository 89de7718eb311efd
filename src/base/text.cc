// See text.h.
#include "base/text.h"

#include <fmt/format.h>
#include <time.h>

#include <array>

namespace crtool {

std::string time_text(uint64_t ns) {
    auto seconds = static_cast<time_t>(ns / 1'000'000'000);

    struct tm parts {};

    std::array<char, 64> text{};
    if (::localtime_r(&seconds, &parts) == nullptr)
        return fmt::format("{}", seconds);
    return {text.data(), ::strftime(text.data(), text.size(), "%F %T %z", &parts)};
}

std::string hex_text(std::string_view bytes) {
    std::string text;
    for (char c : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}

}  // namespace crtool
