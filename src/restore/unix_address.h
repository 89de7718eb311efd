// Addresses of unix sockets in scripts: struct sockaddr_un in the arena.
#pragma once

#include <cstdint>
#include <string>

#include "restore/kind.h"
#include "restore/unix_plan.h"

namespace crtool::restore {

struct UnixAddress {
    uint64_t at = 0;
    uint64_t size = 0;
};

// `name` as sun_path: a path, or an abstract name that begins with NUL.
UnixAddress put_address(const FileBuild& build, const std::string& name);

// Where socket `file`, which has a name, can be reached: a name in a directory, or, without a
// directory, an abstract name.
UnixPlace place_of(const FileBuild& build, uint32_t file);
// The same as an address that is good in every directory.
UnixAddress put_address_of(const FileBuild& build, uint32_t file);

const UnixUnit& unit_of(const Files& files, uint32_t file);

}  // namespace crtool::restore
