// What is in the rings of packet sockets, and how far the kernel is in them (packet_place.h).
// Frames may come while a ring is copied: the copy is what it was when the place was found.
#pragma once

#include "dump/kind.h"
#include "net/packet_diag.h"

namespace crtool::dump {

// Fills rx_ring and tx_ring; ring_content, and how far the kernel is, follow (looks.h). `info` must
// outlive that.
void record_rings(const FileVisit& visit, const FdProbe& probe, const net::PacketInfo& info,
                  image::OpenFile& file);

}  // namespace crtool::dump
