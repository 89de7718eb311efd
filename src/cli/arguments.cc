// See arguments.h.
#include "cli/arguments.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <optional>

#include "base/error.h"
#include "sys/fd.h"

namespace crtool::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r";

struct OptionalValue {
    std::string_view option;
    std::string_view value;
};

// What an option with an optional value means without one.
constexpr std::array kOptionalValues{
    OptionalValue{"--verbosity", "3"},
    OptionalValue{"--manage-cgroups", "soft"},
};

bool all_of(std::string_view text, int (*is)(int)) {
    for (char c : text) {
        if (!is(static_cast<unsigned char>(c)))
            return false;
    }
    return true;
}

// "-v", "-v3", "-vvv"; nullopt for everything else.
std::optional<std::string> expand_verbosity(std::string_view argument) {
    if (!argument.starts_with("-v"))
        return std::nullopt;
    std::string_view rest = argument.substr(2);
    if (rest.empty())
        return "--verbosity=3";
    if (all_of(rest, std::isdigit))
        return fmt::format("--verbosity={}", rest);
    if (rest.find_first_not_of('v') == std::string_view::npos)
        return fmt::format("--verbosity={}", rest.size() + 1);
    return std::nullopt;
}

std::string expand_one(const std::string& argument) {
    for (const OptionalValue& known : kOptionalValues) {
        if (argument == known.option)
            return fmt::format("{}={}", known.option, known.value);
    }
    return expand_verbosity(argument).value_or(argument);
}

std::string_view trim(std::string_view text) {
    size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// A '#' begins a comment at the start of a line or after a blank, but not inside quotes.
std::string_view without_comment(std::string_view line) {
    bool quoted = false;
    for (size_t i = 0; i < line.size(); i++) {
        if (line[i] == '"')
            quoted = !quoted;
        if (line[i] == '#' && !quoted && (i == 0 || kBlanks.contains(line[i - 1])))
            return line.substr(0, i);
    }
    return line;
}

std::string parse_config_line(std::string_view line, const std::string& where) {
    size_t end = line.find_first_of(kBlanks);
    std::string_view name = line.substr(0, end);
    if (name.starts_with('-'))
        fail(Errc::usage, "{}: write options without dashes: '{}'", where, name);
    std::string argument = fmt::format("--{}", name);
    if (end == std::string_view::npos)
        return expand_one(argument);
    std::string_view value = trim(line.substr(end));
    if (value.starts_with('"')) {
        if (value.size() < 2 || !value.ends_with('"'))
            fail(Errc::usage, "{}: a quote is not closed: {}", where, value);
        value = value.substr(1, value.size() - 2);
    }
    return fmt::format("{}={}", argument, value);
}

void append(Arguments& to, const Arguments& more) {
    to.insert(to.end(), more.begin(), more.end());
}

// Whether there is such a file; its arguments are appended.
bool append_file(Arguments& to, const std::string& path) {
    auto text = sys::try_read_file_at(AT_FDCWD, path);
    if (text)
        append(to, parse_config(*text, path));
    return text.has_value();
}

}  // namespace

Arguments expand(const Arguments& arguments) {
    Arguments expanded;
    bool options_end = false;
    for (const std::string& argument : arguments) {
        options_end = options_end || argument == "--";
        expanded.push_back(options_end ? argument : expand_one(argument));
    }
    return expanded;
}

Arguments parse_config(std::string_view text, const std::string& path) {
    Arguments arguments;
    for (size_t number = 1; !text.empty(); number++) {
        size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = trim(without_comment(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty())
            arguments.push_back(parse_config_line(line, fmt::format("{}:{}", path, number)));
    }
    return arguments;
}

Arguments read_configs(const Arguments& arguments) {
    bool use_defaults = true;
    std::vector<std::string> named;
    for (size_t i = 0; i < arguments.size() && arguments[i] != "--"; i++) {
        if (arguments[i] == "--no-default-config")
            use_defaults = false;
        else if (arguments[i] == "--config" && i + 1 < arguments.size())
            named.push_back(arguments[i + 1]);
        else if (arguments[i].starts_with("--config="))
            named.push_back(arguments[i].substr(sizeof("--config=") - 1));
    }
    Arguments found;
    if (use_defaults) {
        append_file(found, "/etc/crtool/default.conf");
        if (const char* home = std::getenv("HOME"))
            append_file(found, fmt::format("{}/.config/crtool.conf", home));
    }
    for (const std::string& path : named) {
        if (!append_file(found, path))
            fail(Errc::usage, "--config: there is no file {}", path);
    }
    return found;
}

}  // namespace crtool::cli
