// Packet sockets of the tree while descriptors are collected: what the kernel tells of those of the
// machine, asked for once, and copies of rings until they are stored.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dump/content_store.h"
#include "net/packet_diag.h"
#include "sys/fd.h"

namespace crtool::dump {

class PacketSet {
  public:
    // `ino`: of the socket. Throws Error where the kernel does not list it.
    const net::PacketInfo& info(uint64_t ino);

    // Keeps the copy of a ring, a memfd; its Content.id.
    uint32_t keep(sys::UniqueFd copy, ContentStore& contents);

  private:
    const pid_t own_ = ::getpid();  // whose descriptors the copies are
    std::optional<std::unordered_map<uint64_t, net::PacketInfo>> infos_;
    std::vector<sys::UniqueFd> copies_;
};

}  // namespace crtool::dump
