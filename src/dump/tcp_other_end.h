// Where the other end of a TCP connection is when no task of the tree has it.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "net/inet_diag.h"
#include "proto/open_file.pb.h"

namespace crtool::dump {

enum class OtherEnd {
    outside,       // somebody may have it, here or elsewhere
    not_accepted,  // it waits in a listener of the tree
    closing,       // nobody has it, but not all that it sends has arrived
    closed,        // nobody has it, and it will not say anything any more
};

class OtherEnds {
  public:
    // `files`: all of the tree, among them its listeners.
    explicit OtherEnds(std::span<const image::OpenFile> files);

    // Asks the kernel for its sockets when it is first called.
    OtherEnd find(const image::InetSocket& socket);

    // As find, of these ends; `kernel` is the socket that has them the other way round.
    OtherEnd judge(const net::Endpoint& local, const net::Endpoint& remote, uint32_t state,
                   const net::TcpSocket* kernel) const;

  private:
    bool is_listener(const net::Endpoint& name) const;

    std::set<net::Endpoint> listeners_;
    std::optional<std::vector<net::TcpSocket>> sockets_;
};

}  // namespace crtool::dump
