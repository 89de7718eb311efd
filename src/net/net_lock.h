// Keeps TCP connections from hearing or saying anything: a table of nf_tables (nft(8)) of crtool's
// own that drops their packets, both those that come and those that leave.
//
// The table belongs to the netlink socket that made it (kernel ≥ 5.12) and goes with it, so that
// nothing stays behind whatever becomes of crtool. Only a lock that has to outlive crtool gets a
// second table beside it, one that stays. Packets with kPacketMark (packet.h) pass.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/endpoint.h"

struct nl_sock;

namespace crtool::net {

struct LockedPair {
    Endpoint local;
    Endpoint remote;
};

class NetLock {
  public:
    // Throws Error when the kernel has no nf_tables or does not allow it.
    explicit NetLock(std::vector<LockedPair> connections);
    NetLock(const NetLock&) = delete;
    NetLock& operator=(const NetLock&) = delete;

    // Makes a table that stays, whatever becomes of crtool.
    void keep(const std::string& name);

  private:
    struct Free {
        void operator()(nl_sock* socket) const;
    };

    std::vector<LockedPair> connections_;
    std::unique_ptr<nl_sock, Free> socket_;
};

// Removes a table that has been left. Throws Error when there is none.
void remove_lock(const std::string& name);

// Whether it can be the name of such a table.
bool is_lock_name(const std::string& name);
// A new one.
std::string make_lock_name();

}  // namespace crtool::net
