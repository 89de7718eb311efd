// See packet_ring.h.
#include "dump/packet_ring.h"

#include <linux/if_packet.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "base/fault.h"
#include "dump/packet_place.h"
#include "sys/file_io.h"
#include "sys/file_make.h"
#include "sys/mapping.h"
#include "sys/notify_calls.h"

namespace crtool::dump {
namespace {

using net::Ring;

constexpr int kTries = 50;
constexpr std::chrono::milliseconds kPause{1};
constexpr const char* kTryAgain = "try again when fewer packets come and go";

// As its timer would, so that what is in it is not lost. False: there is no way to follow it.
bool close_block(std::byte* block, uint32_t size, uint32_t packets) {
    tpacket_block_desc head{};
    std::memcpy(&head, block, sizeof head);
    tpacket_hdr_v1& v1 = head.hdr.bh1;
    tpacket3_hdr packet{};
    uint64_t at = v1.offset_to_first_pkt;
    for (uint32_t i = 0; i < packets; i++) {
        at += packet.tp_next_offset;
        if (at + sizeof packet > size)
            return false;
        std::memcpy(&packet, block + at, sizeof packet);
    }
    v1.num_pkts = packets;
    // Unless the kernel has just closed it itself.
    if (packet.tp_next_offset != 0)
        v1.blk_len = static_cast<uint32_t>(std::min<uint64_t>(at + packet.tp_next_offset, size));
    v1.ts_last_pkt = {packet.tp_sec, {packet.tp_nsec}};
    v1.block_status = TP_STATUS_USER | TP_STATUS_BLK_TMO;
    packet.tp_next_offset = 0;
    std::memcpy(block + at, &packet, sizeof packet);
    std::memcpy(block, &head, sizeof head);
    return true;
}

// `copy`: of the ring's content, to be as it was when the place was found.
void record_receiving(const Receiving& found, const Ring& copy, image::PacketRing& record) {
    for (uint32_t unit = 0; unit < copy.units(); unit++)
        copy.set_status(unit, found.statuses[unit]);
    uint32_t head = copy.next(found.last);
    if (!copy.shape().has_blocks()) {
        record.set_head(head);
        return;
    }
    uint64_t number = is_open(copy, found.last) ? copy.order(head) : copy.order(found.last) + 1;
    if (found.packets != 0 && close_block(copy.at(head), copy.shape().block_size, found.packets)) {
        head = copy.next(head);
        number++;
    }
    record.set_head(head);
    record.set_sequence(number);
}

bool is_under_way(const Ring& ring) {
    for (uint32_t frame = 0; frame < ring.units(); frame++)
        if (ring.status(frame) == TP_STATUS_SENDING)
            return true;
    return false;
}

class Rings {
  public:
    Rings(const FileVisit& visit, const FdProbe& probe, const net::PacketInfo& info,
          image::PacketSocket& socket)
        : visit_(visit), probe_(probe), info_(info), socket_(socket) {}

    void record();

  private:
    void refuse(const char* reason, const char* way_out, Lasts lasts) {
        visit_.refuse(probe_, reason, way_out, lasts);
    }

    std::byte* transmitting(std::byte* memory) const {
        return memory + (info_.rx_ring ? info_.rx_ring->bytes() : 0);
    }

    // False: refused.
    bool record_transmitting(const Ring& ring);
    sys::UniqueFd copy(const sys::Mapping& memory, const std::optional<Receiving>& received);

    const FileVisit& visit_;
    const FdProbe& probe_;
    const net::PacketInfo& info_;
    image::PacketSocket& socket_;
};

bool Rings::record_transmitting(const Ring& ring) {
    for (int tries = 0; tries < kTries && is_under_way(ring); tries++)
        std::this_thread::sleep_for(kPause);
    if (is_under_way(ring)) {
        refuse("a packet socket with frames that are being transmitted", kTryAgain,
               Lasts::a_moment);
        return false;
    }
    std::optional<uint32_t> head = find_transmitting(probe_.fd, ring);
    if (!head) {
        refuse("a packet socket with a ring in which the place of the kernel is not found",
               "is the loopback device up?", Lasts::on);
        return false;
    }
    socket_.mutable_tx_ring()->set_head(*head);
    return true;
}

sys::UniqueFd Rings::copy(const sys::Mapping& memory, const std::optional<Receiving>& received) {
    sys::UniqueFd file = sys::memfd("crtool", 0);
    sys::truncate(file.get(), memory.size());
    sys::Mapping to(nullptr, memory.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    std::memcpy(to.data(), memory.data(), memory.size());
    if (received)
        record_receiving(*received, Ring(*info_.rx_ring, to.data()), *socket_.mutable_rx_ring());
    return file;
}

void Rings::record() {
    uint64_t size =
        (info_.rx_ring ? info_.rx_ring->bytes() : 0) + (info_.tx_ring ? info_.tx_ring->bytes() : 0);
    sys::Mapping memory(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, probe_.fd, 0);
    if (info_.tx_ring && !record_transmitting(Ring(*info_.tx_ring, transmitting(memory.data()))))
        return;
    if (info_.rx_ring && sys::unread_bytes(probe_.fd) != 0)
        return refuse("a packet socket with unread packets that did not fit into its ring",
                      "let the program read them before the dump", Lasts::a_moment);
    for (int tries = 0; tries < kTries; tries++) {
        std::optional<Receiving> received;
        if (info_.rx_ring) {
            Ring ring(*info_.rx_ring, memory.data());
            received = look_at_receiving(probe_.fd, ring);
            if (!received)
                break;
            // What the kernel was just writing is written by then.
            if (received->packets != 0)
                std::this_thread::sleep_for(kPause);
        }
        sys::UniqueFd file = copy(memory, received);
        if (received && was_under_way(Ring(*info_.rx_ring, memory.data()), *received))
            continue;
        return socket_.set_ring_content(visit_.packets.keep(std::move(file), visit_.contents));
    }
    refuse("a packet socket with a ring that the kernel fills faster than crtool looks", kTryAgain,
           Lasts::a_moment);
}

void record_shape(const net::RingShape& shape, image::PacketRing& record) {
    record.set_block_size(shape.block_size);
    record.set_block_nr(shape.block_nr);
    record.set_frame_size(shape.frame_size);
    record.set_frame_nr(shape.frame_nr);
}

}  // namespace

void record_rings(const FileVisit& visit, const FdProbe& probe, const net::PacketInfo& info,
                  image::OpenFile& file) {
    if (!info.rx_ring && !info.tx_ring)
        return;
    image::PacketSocket& socket = *file.mutable_packet_socket();
    if (info.tx_ring)
        record_shape(*info.tx_ring, *socket.mutable_tx_ring());
    if (info.rx_ring) {
        image::PacketRing& record = *socket.mutable_rx_ring();
        record_shape(*info.rx_ring, record);
        record.set_retire_tov(info.retire_tov);
        record.set_sizeof_priv(info.sizeof_priv);
        record.set_features(info.features);
    }
    visit.looks.add(probe, file.id(),
                    [&info](const FileVisit& later, const FdProbe& at, image::OpenFile& record) {
                        fault::point("look at the rings of a packet socket");
                        Rings(later, at, info, *record.mutable_packet_socket()).record();
                    });
}

}  // namespace crtool::dump
