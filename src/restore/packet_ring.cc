// See packet_ring.h. The kernel begins with the first frame, and goes on only by what it receives
// or sends: so it is given frames of crtool's own, over the loopback device.
#include "restore/packet_ring.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/if_ether.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/fault.h"
#include "image/packet_rings.h"
#include "net/loopback.h"
#include "net/packet_ring.h"
#include "sys/inet_calls.h"
#include "sys/mapping.h"
#include "sys/packet_calls.h"
#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

using Clock = std::chrono::steady_clock;
using net::Ring;

constexpr std::chrono::seconds kPatience{10};
constexpr uint32_t kShortFrame = 8;     // the mark
constexpr uint32_t kLongFrame = 16384;  // below the MTU of the loopback device
constexpr uint32_t kFewFrames = 8;
constexpr uint32_t kVnetHeader = 10;  // struct virtio_net_hdr
constexpr uint32_t kUnsent = TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING | TP_STATUS_WRONG_FORMAT;
constexpr uint64_t kCheap = 64 << 20;  // bytes that may be sent to get the number of a block right

net::RingShape shape_of(const image::PacketRing& ring, int version, bool transmits) {
    return {.version = version,
            .transmits = transmits,
            .block_size = ring.block_size(),
            .block_nr = ring.block_nr(),
            .frame_size = ring.frame_size(),
            .frame_nr = ring.frame_nr()};
}

void set_ring(int fd, int name, const image::PacketRing& ring, int version) {
    tpacket_req3 request = {ring.block_size(), ring.block_nr(),   ring.frame_size(),
                            ring.frame_nr(),   ring.retire_tov(), ring.sizeof_priv(),
                            ring.features()};
    size_t size = version == TPACKET_V3 ? sizeof request : sizeof(tpacket_req);
    sys::set_option(fd, SOL_PACKET, name, {reinterpret_cast<const char*>(&request), size});
}

// What begins the frames for one socket; other ones, and other restores, have another.
std::array<uint32_t, 2> mark_of(uint32_t file) {
    return {static_cast<uint32_t>(::getpid()), file};
}

// Sends frames to the socket, one after the other, each when the one before has arrived.
class Feeder {
  public:
    Feeder(int receiver, uint32_t file, size_t length)
        : receiver_(receiver), frame_(ETH_HLEN + length, '\0') {
        uint16_t protocol = htons(net::kPrivateProtocol);
        std::memcpy(&frame_[2 * ETH_ALEN], &protocol, sizeof protocol);
        for (size_t i = 0; i < 2; i++) {
            uint32_t word = htonl(mark_of(file)[i]);
            std::memcpy(&frame_[ETH_HLEN + i * sizeof word], &word, sizeof word);
        }
    }

    // Until the unit is the program's.
    void fill(const Ring& ring, uint32_t unit) {
        auto is_full = [&] { return (ring.status(unit) & TP_STATUS_USER) != 0; };
        if (!ring.shape().has_blocks()) {
            send();
            return wait_until(is_full);
        }
        // Each takes half of a block, or all its own length of a big one.
        uint32_t most = kFewFrames + ring.shape().block_size / kLongFrame;
        for (uint32_t i = 0; i < most && !is_full(); i++)
            send();
        if (!is_full())
            fail(Errc::bad_image, "a block of its ring takes no frames");
    }

  private:
    void send() {
        sys::send_to(sender_.get(), frame_, name_);
        wait_until([&] { return has_counted(); });
    }

    // Also what it had no room for; reading begins anew.
    bool has_counted() const {
        tpacket_stats counts{};
        std::string value =
            sys::socket_option(receiver_, SOL_PACKET, PACKET_STATISTICS, sizeof counts)
                .value_or("");
        std::memcpy(&counts, value.data(), std::min(value.size(), sizeof counts));
        return counts.tp_packets != 0;
    }

    template <typename Predicate>
    static void wait_until(Predicate predicate) {
        auto end = Clock::now() + kPatience;
        while (!predicate()) {
            if (Clock::now() > end)
                fail(Errc::system, "the loopback device does not bring what it is given");
            std::this_thread::yield();
        }
    }

    int receiver_;
    sys::UniqueFd sender_ = sys::make_socket(AF_PACKET, SOCK_RAW, 0);
    std::string name_ = net::loopback_name(net::kPrivateProtocol);
    std::string frame_;
};

// How many blocks the kernel must have opened before: as many as it had, where that is cheap, else
// as few as lead to the same block.
uint64_t blocks_before(const image::PacketRing& ring) {
    uint64_t opened = ring.sequence() - 1;
    if (opened % ring.block_nr() == ring.head() && opened <= kCheap / ring.block_size())
        return opened;
    return ring.head() == 0 ? ring.block_nr() : ring.head();
}

// Leaves the kernel before the block, waiting for the program to give it back.
void bring_to_block(const Ring& ring, Feeder& feeder, uint64_t opened) {
    if (opened != 0 && opened < ring.units())
        ring.set_status(static_cast<uint32_t>(opened), TP_STATUS_USER);
    for (uint64_t i = 0; i < opened; i++) {
        auto block = static_cast<uint32_t>(i % ring.units());
        if (i >= ring.units())
            ring.set_status(block, TP_STATUS_KERNEL);
        feeder.fill(ring, block);
    }
}

void bring_receiving(const image::OpenFile& file, int fd, const Ring& ring) {
    const image::PacketRing& record = file.packet_socket().rx_ring();
    uint64_t units = ring.shape().has_blocks() ? blocks_before(record) : record.head();
    if (units == 0)
        return;
    sys::bind_socket(fd, net::loopback_name(net::kPrivateProtocol));
    bool has_blocks = ring.shape().has_blocks();
    Feeder feeder(fd, file.id(),
                  has_blocks ? std::min(kLongFrame, ring.shape().block_size / 2) : kShortFrame);
    if (has_blocks)
        return bring_to_block(ring, feeder, units);
    for (uint32_t frame = 0; frame < units; frame++)
        feeder.fill(ring, frame);
}

// An Ethernet header, and whatever the options of the socket want before it.
template <typename Header>
void write_frame(const Ring& ring, uint32_t unit, uint32_t before) {
    constexpr size_t kOffset = TPACKET_ALIGN(sizeof(Header));
    Header head{};
    head.tp_len = before + ETH_HLEN;
    if (kOffset + head.tp_len > ring.shape().frame_size)
        fail(Errc::unsupported, "the frames of its ring have no room for the shortest packet");
    std::byte* frame = ring.at(unit);
    head.tp_mac = head.tp_net = kOffset;
    uint16_t protocol = htons(net::kPrivateProtocol);
    std::memset(frame + kOffset, 0, head.tp_len);
    std::memcpy(frame + kOffset + before + 2 * ETH_ALEN, &protocol, sizeof protocol);
    std::memcpy(frame, &head, sizeof head);
}

void bring_transmitting(const image::PacketSocket& socket, int fd, const Ring& ring) {
    uint32_t before = image::packet_option(socket, PACKET_VNET_HDR_SZ);
    if (before == 0 && image::packet_option(socket, PACKET_VNET_HDR) != 0)
        before = kVnetHeader;
    uint32_t head = socket.tx_ring().head();
    if (head == 0)
        return;
    for (uint32_t frame = 0; frame < head; frame++) {
        if (ring.shape().version == TPACKET_V1)
            write_frame<tpacket_hdr>(ring, frame, before);
        else if (ring.shape().version == TPACKET_V2)
            write_frame<tpacket2_hdr>(ring, frame, before);
        else
            write_frame<tpacket3_hdr>(ring, frame, before);
        ring.set_status(frame, TP_STATUS_SEND_REQUEST);
    }
    sys::send_ring(fd, net::loopback_name(net::kPrivateProtocol), true);
    for (uint32_t frame = 0; frame < head; frame++)
        if ((ring.status(frame) & kUnsent) != 0)
            fail(Errc::system, "the loopback device does not take frames of a ring");
}

// The timer of the kernel looks at the status of blocks: it is right when all the rest is.
void load(const Ring& ring, const Ring& saved) {
    std::vector<uint32_t> statuses;
    for (uint32_t unit = 0; unit < ring.units(); unit++) {
        statuses.push_back(saved.status(unit));
        saved.set_status(unit, TP_STATUS_USER);
    }
    std::memcpy(ring.at(0), saved.at(0), ring.shape().bytes());
    for (uint32_t unit = 0; unit < ring.units(); unit++)
        ring.set_status(unit, statuses[unit]);
}

}  // namespace

std::string own_frames_filter(const image::OpenFile& file) {
    const uint32_t start = file.packet_socket().type() == SOCK_RAW ? ETH_HLEN : 0;
    const std::array<uint32_t, 2> mark = mark_of(file.id());
    const sock_filter program[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, start),
                                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mark[0], 0, 3),
                                   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, start + 4),
                                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mark[1], 0, 1),
                                   BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
                                   BPF_STMT(BPF_RET | BPF_K, 0)};
    return {reinterpret_cast<const char*>(program), sizeof program};
}

void make_rings(const image::OpenFile& file, int fd, int content) {
    fault::point("make the rings of a packet socket");
    const image::PacketSocket& socket = file.packet_socket();
    auto version = static_cast<int>(image::packet_option(socket, PACKET_VERSION));
    net::RingShape rx = shape_of(socket.rx_ring(), version, false);
    net::RingShape tx = shape_of(socket.tx_ring(), version, true);
    if (socket.has_rx_ring())
        set_ring(fd, PACKET_RX_RING, socket.rx_ring(), version);
    if (socket.has_tx_ring())
        set_ring(fd, PACKET_TX_RING, socket.tx_ring(), version);
    constexpr int kReadWrite = PROT_READ | PROT_WRITE;
    uint64_t size = rx.bytes() + tx.bytes();
    sys::Mapping memory(nullptr, size, kReadWrite, MAP_SHARED, fd, 0);
    sys::Mapping saved(nullptr, size, kReadWrite, MAP_PRIVATE, content, 0);
    if (socket.has_rx_ring()) {
        Ring ring(rx, memory.data());
        bring_receiving(file, fd, ring);
        load(ring, Ring(rx, saved.data()));
    }
    if (socket.has_tx_ring()) {
        Ring ring(tx, memory.data() + rx.bytes());
        bring_transmitting(socket, fd, ring);
        load(ring, Ring(tx, saved.data() + rx.bytes()));
    }
}

}  // namespace crtool::restore
