// See net_interface.h.
#include "sys/net_interface.h"

#include <net/if.h>

namespace crtool::sys {

std::optional<std::string> interface_name(uint32_t index) {
    char name[IF_NAMESIZE] = {};
    if (::if_indextoname(index, name) == nullptr)
        return std::nullopt;
    return name;
}

std::optional<uint32_t> interface_index(const std::string& name) {
    uint32_t index = ::if_nametoindex(name.c_str());
    if (index == 0)
        return std::nullopt;
    return index;
}

}  // namespace crtool::sys
