// A JSON object with a few members, written in order.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace crtool::cli {

// "text" with quotes and escapes (RFC 8259, section 7). Bytes that are no UTF-8 stay as they are.
std::string json_string(std::string_view text);

class JsonObject {
  public:
    void add(std::string_view name, std::string_view value) { add_raw(name, json_string(value)); }

    void add(std::string_view name, const char* value) { add(name, std::string_view(value)); }

    template <typename T>
    requires std::same_as<T, bool> || std::integral<T> || std::floating_point<T>

    void add(std::string_view name, T value) { add_raw(name, fmt::format("{}", value)); }

    // `json` is written as it is.
    void add_raw(std::string_view name, std::string_view json) {
        members_ += fmt::format("{}{}:{}", members_.empty() ? "" : ",", json_string(name), json);
    }

    std::string text() const { return "{" + members_ + "}"; }

  private:
    std::string members_;
};

}  // namespace crtool::cli
