// See vdso_text.h.
#include "sys/vdso_text.h"

namespace crtool::sys {

std::string own_vdso_text(std::span<const Area> areas) {
    for (const Area& area : areas)
        if (area.name == "[vdso]")
            return {reinterpret_cast<const char*>(area.start), area.end - area.start};
    return {};
}

}  // namespace crtool::sys
