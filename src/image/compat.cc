// See compat.h.
#include "image/compat.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"

namespace crtool::image {

std::vector<std::string> missing_features(const Inventory& inventory, const CpuInfo& cpu) {
    std::unordered_set<std::string> have(cpu.features.begin(), cpu.features.end());
    std::vector<std::string> missing;
    for (const std::string& feature : inventory.cpu().features()) {
        if (!have.contains(feature))
            missing.push_back(feature);
    }
    return missing;
}

void check_machine(const Inventory& inventory, const CpuInfo& cpu) {
    if (inventory.machine() != cpu.machine)
        fail(Errc::bad_image, "the image was made on {}, this machine is {}", inventory.machine(),
             cpu.machine);
    std::vector<std::string> missing = missing_features(inventory, cpu);
    if (!missing.empty())
        fail(Errc::bad_image,
             "this CPU ({}) lacks what the programs in the image may be using: {}; restore on a "
             "CPU like the one of the dump ({})",
             cpu.vendor, fmt::join(missing, ", "), inventory.cpu().vendor());
    uint64_t components = inventory.cpu().xcr0() & ~cpu.xcr0;
    if (components != 0)
        fail(Errc::bad_image,
             "the kernel here has not enabled register state that the image holds (xcr0 bits "
             "{:#x}); restore where xcr0 includes {:#x}",
             components, inventory.cpu().xcr0());
    if (inventory.cpu().xsave_size() > cpu.xsave_size)
        fail(Errc::bad_image,
             "the image has {} bytes of extended registers a thread, this CPU keeps {}; restore "
             "on a CPU like the one of the dump ({})",
             inventory.cpu().xsave_size(), cpu.xsave_size, inventory.cpu().vendor());
}

}  // namespace crtool::image
