// Lines and words of the tables in /proc/net.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

namespace crtool::net {

// Each takes what it gives off the front.
inline std::string_view take_line(std::string_view& text) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

inline std::string_view take_word(std::string_view& line) {
    size_t start = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(start);
    std::string_view word = line.substr(0, line.find_first_of(" \t"));
    line.remove_prefix(word.size());
    return word;
}

// As far as it is one; else 0.
template <typename T>
T number(std::string_view word, int base) {
    T value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value, base);
    return value;
}

}  // namespace crtool::net
