// Namespaces (namespaces(7)), errors as exceptions.
#pragma once

#include <array>
#include <string_view>

namespace crtool::sys {

// Names in /proc/PID/ns, without those that are another way to one of them.
inline constexpr std::array<std::string_view, 8> kNamespaces = {"cgroup", "ipc",  "mnt",  "net",
                                                                "pid",    "time", "user", "uts"};

}  // namespace crtool::sys
