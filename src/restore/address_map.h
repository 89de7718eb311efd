// Other addresses for the internet sockets of an image: --tcp-remap. Pure functions on the image.
#pragma once

#include <vector>

#include "image/image.h"
#include "restore/options.h"

namespace crtool::restore {

// The sockaddr with its address exchanged by the rule with the longest prefix that it has; itself
// when there is none. 0.0.0.0 and :: stay. ::ffff:a.b.c.d follows rules of IPv4.
std::string map_address(const std::vector<AddressRule>& rules, const std::string& sockaddr);

// All names that internet sockets of the image have, or talk to. Returns how many were exchanged.
size_t map_addresses(const std::vector<AddressRule>& rules, image::Image& image);

}  // namespace crtool::restore
