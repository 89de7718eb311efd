// What a unix socket is bound to.
#pragma once

#include <string>

#include "dump/fd_probe.h"
#include "proto/unix_socket.pb.h"

namespace crtool::dump {

// Fills the record of a socket bound to `name`, which is a path.
void find_bound_file(const FdProbe& probe, const std::string& name, image::UnixName& record);

// The directory from which `name` leads to `path`, when one has the other as its end; else empty.
// A pure function.
std::string base_of(std::string_view name, std::string_view path);

}  // namespace crtool::dump
