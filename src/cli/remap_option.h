// Values of --tcp-remap: pure functions on text.
#pragma once

#include <string>
#include <vector>

#include "restore/options.h"

namespace crtool::cli {

// "OLD=NEW", each an address or, both with the same length, address/prefix. Throws Errc::usage; so
// does an OLD that stands twice.
std::vector<restore::AddressRule> parse_remaps(const std::vector<std::string>& texts);

}  // namespace crtool::cli
