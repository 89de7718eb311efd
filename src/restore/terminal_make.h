// Terminals, made by the coordinator before any task exists: see proto/terminal.proto.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "image/image.h"
#include "sys/fd.h"

namespace crtool::restore {

struct MadeTerminals {
    std::unordered_map<uint32_t, sys::UniqueFd> files;   // by OpenFile.id: that open file
    std::unordered_map<uint32_t, sys::UniqueFd> slaves;  // by Tty.id: to take it as terminal
};

// All of the image but the terminal of a shell job, with settings and content. Throws Errors that
// name the terminal, for example when its number is taken.
MadeTerminals make_terminals(const image::Image& image);

}  // namespace crtool::restore
