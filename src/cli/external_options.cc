// See external_options.h.
#include "cli/external_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <optional>

#include "base/error.h"

namespace crtool::cli {
namespace {

// Of the namespaces of a tree, which are none of its descriptors.
constexpr std::array<std::string_view, 7> kLaterKinds = {"mnt",  "dev",     "net",   "pid",
                                                         "veth", "macvlan", "cgroup"};

// KIND[ID] and what follows.
struct Parts {
    std::string_view kind;
    std::string_view id;
    std::string_view rest;
};

std::optional<Parts> split(std::string_view text) {
    size_t open = text.find('[');
    size_t close = text.find(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    std::string_view kind = text.substr(0, open);
    if (kind.ends_with(':'))
        kind.remove_suffix(1);
    return Parts{kind, text.substr(open + 1, close - open - 1), text.substr(close + 1)};
}

std::optional<uint64_t> number(std::string_view text, int base) {
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::pair<uint64_t, uint64_t>> numbers(std::string_view text, int base) {
    size_t colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto first = number(text.substr(0, colon), base);
    auto second = number(text.substr(colon + 1), base);
    if (!first || !second)
        return std::nullopt;
    return std::pair{*first, *second};
}

// As OpenFile.resource has it; empty: it is none.
std::string resource_of(const Parts& parts) {
    if (parts.kind == "file" || parts.kind == "tty") {
        auto id = numbers(parts.id, 16);
        return id ? fmt::format("{}[{:x}:{:x}]", parts.kind, id->first, id->second) : "";
    }
    bool is_socket = parts.kind == "socket" || parts.kind == "unix";
    auto inode = number(parts.id, 10);
    if (!inode || (!is_socket && parts.kind != "pipe"))
        return "";
    return fmt::format("{}:[{}]", is_socket ? "socket" : "pipe", *inode);
}

[[noreturn]] void refuse(std::string_view option, std::string_view text, std::string_view wanted) {
    fail(Errc::usage, "{}: '{}' is not {}", option, text, wanted);
}

}  // namespace

dump::ExternalName parse_external(std::string_view text) {
    constexpr std::string_view kWanted =
        "file[MOUNT:INODE], tty[RDEV:DEV], pipe[INODE], socket[INODE] or fd[PID:N]=KEY";
    auto parts = split(text);
    if (!parts)
        refuse("--external", text, kWanted);
    if (std::ranges::find(kLaterKinds, parts->kind) != kLaterKinds.end())
        fail(Errc::usage, "known, not carried yet: --external {}[] (namespaces)", parts->kind);
    dump::ExternalName name;
    if (!parts->rest.empty()) {
        if (parts->rest.front() != ':' && parts->rest.front() != '=')
            refuse("--external", text, kWanted);
        name.key = parts->rest.substr(1);
    }
    if (parts->kind == "fd") {
        auto id = numbers(parts->id, 10);
        if (!id || id->first > INT_MAX || id->second > INT_MAX || name.key.empty())
            refuse("--external", text, kWanted);
        name.task = static_cast<pid_t>(id->first);
        name.fd = static_cast<int>(id->second);
        return name;
    }
    name.resource = resource_of(*parts);
    if (name.resource.empty())
        refuse("--external", text, kWanted);
    if (name.key.empty())
        name.key = name.resource;
    return name;
}

restore::InheritedFd parse_inherit_fd(std::string_view text) {
    constexpr std::string_view kWanted =
        "fd[N]:NAME with what it stands for: a key, pipe:[INODE], socket:[INODE], tty[RDEV:DEV], "
        "file[MOUNT:INODE] or a path";
    auto parts = split(text);
    auto fd = parts && parts->kind == "fd" ? number(parts->id, 10) : std::nullopt;
    if (!fd || *fd > INT_MAX || parts->rest.size() < 2 || parts->rest.front() != ':')
        refuse("--inherit-fd", text, kWanted);
    std::string_view name = parts->rest.substr(1);
    auto named = split(name);
    std::string resource = named && named->rest.empty() ? resource_of(*named) : "";
    return {static_cast<int>(*fd), resource.empty() ? std::string(name) : std::move(resource)};
}

}  // namespace crtool::cli
