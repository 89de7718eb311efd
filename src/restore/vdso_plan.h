// Whether the running kernel's vdso can stand where the saved one was, or calls of the saved one
// must be led to it (arch/x86_64/vdso.h tells how). A pure function of the image and of what the
// coordinator is.
#pragma once

#include <cstdint>

#include "image/image.h"
#include "restore/options.h"
#include "restore/own_state.h"

namespace crtool::restore {

struct VdsoPlan {
    bool redirect = false;
    uint64_t address = 0;  // redirect: where this kernel's goes in every task; 0: it has none

    bool operator==(const VdsoPlan&) const = default;
};

// Where the block lies in an address space; code 0: nowhere.
VdsoPlace vdso_place(const image::AddressSpace& mm);

// `arena`: where the arena of the restore is. Throws unsupported when neither way is possible.
VdsoPlan plan_vdso(const image::Image& image, VdsoChoice choice, const OwnState& own, Range arena);

}  // namespace crtool::restore
