// Tun and tap devices: see proto/tun.proto.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "image/image.h"
#include "restore/kind.h"
#include "sys/fd.h"

namespace crtool::restore {

inline constexpr RestoreKind kTun = {
    .kind = image::Kind::tun, .name = "tun device", .make = take_made, .fill = set_status};

// Made by the coordinator, before sockets that may need the addresses of interfaces.
class TunDevices {
  public:
    // Makes or joins the interfaces. Throws Errors that name the one that cannot be had.
    explicit TunDevices(const image::Image& image);
    // What settle() did is taken back, unless keep() was called.
    ~TunDevices();
    TunDevices(const TunDevices&) = delete;
    TunDevices& operator=(const TunDevices&) = delete;

    // By OpenFile.id: descriptors of the coordinator.
    std::unordered_map<uint32_t, int> numbers() const;

    // The tree stands and runs next: interfaces that were persistent are so again.
    void settle();

    void keep() { settled_.clear(); }

  private:
    void join(const image::Tun& tun, int fd);

    std::unordered_map<uint32_t, sys::UniqueFd> fds_;
    std::unordered_set<std::string> interfaces_;  // joined
    std::vector<int> to_settle_;
    std::vector<int> settled_;
};

}  // namespace crtool::restore
