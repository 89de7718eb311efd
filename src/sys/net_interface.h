// Network interfaces: their numbers and names (netdevice(7)), in crtool's own network namespace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace crtool::sys {

// nullopt: there is none.
std::optional<std::string> interface_name(uint32_t index);
std::optional<uint32_t> interface_index(const std::string& name);

}  // namespace crtool::sys
