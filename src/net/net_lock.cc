// See net_lock.h.
#include "net/net_lock.h"

#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/log.h"
#include "net/nft_batch.h"
#include "net/packet.h"

namespace crtool::net {
namespace {

constexpr std::string_view kPrefix = "crtool-";
// Of linux/netfilter.h, which does not go together with libc's netinet/in.h.
constexpr uint32_t kLocalIn = 1;   // NF_INET_LOCAL_IN
constexpr uint32_t kLocalOut = 3;  // NF_INET_LOCAL_OUT
constexpr uint32_t kV4Key = 16;
constexpr uint32_t kV6Key = 40;

std::string key_part(const Endpoint& endpoint) {
    std::string part = endpoint.is_v4()
                           ? std::string(endpoint.v4_bytes())
                           : std::string(reinterpret_cast<const char*>(endpoint.address.data()),
                                         endpoint.address.size());
    part += static_cast<char>(endpoint.port >> 8);
    part += static_cast<char>(endpoint.port & 0xff);
    return part + std::string(2, '\0');
}

void add_family(NftBatch& batch, const std::vector<LockedPair>& pairs, bool is_v6, uint32_t id) {
    std::vector<std::string> keys;
    for (const LockedPair& pair : pairs) {
        if (pair.remote.is_v4() == is_v6)
            continue;
        keys.push_back(key_part(pair.local) + key_part(pair.remote));
        keys.push_back(key_part(pair.remote) + key_part(pair.local));
    }
    if (keys.empty())
        return;
    std::string set = is_v6 ? "connections6" : "connections4";
    batch.add_set(set, id, is_v6 ? kV6Key : kV4Key);
    batch.add_elements(set, id, keys);
    for (const char* chain : {"input", "output"})
        batch.add_drop_rule(chain, set, id, is_v6, kPacketMark);
}

std::string lock_messages(const std::string& table, const std::vector<LockedPair>& pairs,
                          bool owned) {
    NftBatch batch(table);
    batch.add_table(owned);
    batch.add_chain("input", kLocalIn);
    batch.add_chain("output", kLocalOut);
    add_family(batch, pairs, false, 1);
    add_family(batch, pairs, true, 2);
    return batch.finish();
}

// Throws what the kernel answers.
void carry_out(nl_sock* socket, std::string messages) {
    int error = nl_sendto(socket, messages.data(), messages.size());
    if (error >= 0)
        error = nl_wait_for_ack(socket);
    if (error < 0)
        fail(Errc::system, "nf_tables says: {}", nl_geterror(error));
}

nl_sock* open_netfilter() {
    nl_sock* socket = nl_socket_alloc();
    if (socket == nullptr)
        fail(Errc::system, "no memory for a netlink socket");
    // The kernel answers to the last message of a transaction only, or to one that failed.
    nl_socket_disable_seq_check(socket);
    if (int error = nl_connect(socket, NETLINK_NETFILTER); error != 0) {
        nl_socket_free(socket);
        fail(Errc::system, "cannot open a netlink socket of netfilter: {}", nl_geterror(error));
    }
    return socket;
}

}  // namespace

void NetLock::Free::operator()(nl_sock* socket) const {
    nl_socket_free(socket);
}

NetLock::NetLock(std::vector<LockedPair> connections)
    : connections_(std::move(connections)), socket_(open_netfilter()) {
    carry_out(socket_.get(), lock_messages(make_lock_name() + "-own", connections_, true));
}

void NetLock::keep(const std::string& name) {
    carry_out(socket_.get(), lock_messages(name, connections_, false));
}

void remove_lock(const std::string& name) {
    std::unique_ptr<nl_sock, void (*)(nl_sock*)> socket(open_netfilter(), nl_socket_free);
    NftBatch batch(name);
    batch.delete_table();
    carry_out(socket.get(), batch.finish());
}

bool is_lock_name(const std::string& name) {
    constexpr size_t kLongest = 64;
    return name.size() <= kLongest && name.starts_with(kPrefix) &&
           std::ranges::all_of(name, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
           });
}

std::string make_lock_name() {
    auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return fmt::format("{}{}-{:x}", kPrefix, ::getpid(), now);
}

}  // namespace crtool::net
