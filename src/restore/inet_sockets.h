// The internet sockets of a restore, made by the coordinator before the tree exists: see
// proto/inet_socket.proto.
//
// As long as go_live() has not been called connections are in repair mode, and closing them, which
// the destructor does, is silent.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "net/net_lock.h"
#include "net/packet.h"
#include "restore/options.h"
#include "sys/fd.h"

namespace crtool::restore {

class InetSockets {
  public:
    // Makes all of them; connections to the outside are locked. Throws Error naming the socket.
    InetSockets(const image::Image& image, const Options& options);

    // By OpenFile.id: descriptors of the coordinator.
    const std::unordered_map<uint32_t, int>& numbers() const { return numbers_; }

    // The tree stands and runs next: connections leave repair mode, and the locks go.
    void go_live();

  private:
    struct Made {
        const image::InetSocket* record;
        sys::UniqueFd fd;
    };

    void lock(const std::vector<image::OpenFile>& files, const Options& options);
    bool must_end(const image::InetSocket& socket) const;
    void make(const image::InetSocket& socket, int fd, bool closes);
    void make_stream(const image::InetSocket& socket, int fd, bool closes);
    void make_ended(const image::InetSocket& socket, int fd);
    void make_datagrams(const image::InetSocket& socket, int fd);
    void complete(const Made& made);
    void send_fin(const image::InetSocket& socket, int fd);
    void revive(const Made& made);
    void finish(const Made& made);

    std::unique_ptr<net::NetLock> lock_;
    net::PacketSender sender_;
    std::vector<Made> made_;
    std::unordered_map<uint32_t, int> numbers_;
    std::string kept_lock_;
    bool closes_outside_ = false;
    uint16_t next_port_ = 1;  // of the other ends of connections that are over
};

}  // namespace crtool::restore
