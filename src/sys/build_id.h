// The build id of an ELF file (NT_GNU_BUILD_ID), by which a linker names what it has made.
#pragma once

#include <string>

namespace crtool::sys {

// The bytes of the id; empty when the file is no 64-bit ELF file or has none.
std::string read_build_id(int fd);

}  // namespace crtool::sys
