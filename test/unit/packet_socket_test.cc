// Packet sockets: what sock_diag(7) tells of them, their rings in memory, and checks of the image.
#include <linux/if_packet.h>
#include <linux/packet_diag.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "image/validate.h"
#include "image_refusals.h"
#include "net/packet_diag.h"
#include "net/packet_ring.h"

using namespace crtool;
using namespace crtool::image::sample;

namespace {

void append(std::vector<std::byte>& bytes, const void* value, size_t size) {
    const auto* data = static_cast<const std::byte*>(value);
    bytes.insert(bytes.end(), data, data + size);
}

void add(std::vector<std::byte>& bytes, uint16_t type, const void* value, size_t size) {
    auto length = static_cast<uint16_t>(4 + size);
    append(bytes, &length, sizeof length);
    append(bytes, &type, sizeof type);
    append(bytes, value, size);
}

image::PacketSocket& add_packet_socket(image::Image& image) {
    image::PacketSocket& socket = *add_file(image, O_RDWR).mutable_packet_socket();
    socket.set_type(SOCK_RAW);
    socket.mutable_interface()->set_name("lo");
    return socket;
}

// Of two frames in one page; content 1 of the sample is another one.
image::PacketRing& add_ring(image::Image& image, image::PacketSocket& socket) {
    image::PacketRing& ring = *socket.mutable_rx_ring();
    ring.set_block_size(4096);
    ring.set_block_nr(1);
    ring.set_frame_size(2048);
    ring.set_frame_nr(2);
    image::Content& content = image.contents.emplace_back();
    content.set_id(4711);
    content.set_size(4096);
    socket.set_ring_content(4711);
    return ring;
}

}  // namespace

TEST_CASE("a packet socket with memberships, a group and a ring", "[packet]") {
    std::vector<std::byte> answer;
    packet_diag_msg head{};
    head.pdiag_ino = 77;
    append(answer, &head, sizeof head);
    packet_diag_info info{};
    info.pdi_version = TPACKET_V3;
    info.pdi_copy_thresh = 9;
    info.pdi_flags = PDI_RUNNING;
    add(answer, PACKET_DIAG_INFO, &info, sizeof info);
    packet_diag_mclist list[2] = {};
    list[0].pdmc_alen = 6;
    std::memcpy(list[0].pdmc_addr, "\1\2\3\4\5\6", 6);
    list[1].pdmc_type = PACKET_MR_PROMISC;
    list[1].pdmc_count = 3;
    add(answer, PACKET_DIAG_MCLIST, list, sizeof list);
    uint32_t fanout = PACKET_FANOUT_LB << 16 | 5;
    add(answer, PACKET_DIAG_FANOUT, &fanout, sizeof fanout);
    packet_diag_ring ring = {8192, 4, 2048, 16, 100, 24, 1};
    add(answer, PACKET_DIAG_RX_RING, &ring, sizeof ring);
    net::PacketInfo parsed = net::parse_packet_diag(answer);
    CHECK(parsed.ino == 77);
    CHECK(parsed.running);
    CHECK(parsed.copy_thresh == 9);
    REQUIRE(parsed.memberships.size() == 2);
    CHECK(parsed.memberships[0].address == "\1\2\3\4\5\6");
    CHECK(parsed.memberships[1].address.empty());
    CHECK(parsed.memberships[1].count == 3);
    CHECK(parsed.fanout == 5);
    REQUIRE(parsed.rx_ring);
    CHECK(parsed.rx_ring->units() == 4);
    CHECK(parsed.rx_ring->bytes() == 32768);
    CHECK(parsed.retire_tov == 100);
    CHECK_FALSE(parsed.tx_ring);
}

TEST_CASE("frames do not cross blocks", "[packet]") {
    std::vector<std::byte> memory(3 * 4096);
    net::RingShape shape = {TPACKET_V2, false, 4096, 3, 1536, 6};
    net::Ring ring(shape, memory.data());
    CHECK(ring.at(1) - memory.data() == 1536);
    CHECK(ring.at(2) - memory.data() == 4096);
    CHECK(ring.at(5) - memory.data() == 2 * 4096 + 1536);
    CHECK(ring.next(5) == 0);
    CHECK(ring.before(0) == 5);
    ring.set_status(2, TP_STATUS_USER);
    CHECK(memory[4096] == std::byte{1});
    ring.change_status(2, TP_STATUS_KERNEL, TP_STATUS_COPY);
    CHECK(ring.status(2) == TP_STATUS_USER);
    ring.change_status(2, TP_STATUS_USER, TP_STATUS_KERNEL);
    CHECK(ring.status(2) == TP_STATUS_KERNEL);
}

TEST_CASE("validate: packet sockets", "[packet]") {
    image::Image image = make_whole_image();
    add_ring(image, add_packet_socket(image)).set_head(1);
    CHECK_NOTHROW(image::validate(image));
    check_refusals({
        {"its type is 1", [](auto& i) { add_packet_socket(i).set_type(SOCK_STREAM); }},
        {"an interface without a name",
         [](auto& i) { add_packet_socket(i).mutable_interface()->clear_name(); }},
        {"its option 5 is none", [](auto& i) { add_packet_socket(i).add_options()->set_name(5); }},
        {"a membership of type 0",
         [](auto& i) {
             auto& membership = *add_packet_socket(i).add_memberships();
             membership.mutable_interface()->set_name("lo");
         }},
        {"in the fanout group 70000",
         [](auto& i) { add_packet_socket(i).mutable_fanout()->set_id(70000); }},
        {"a ring of 1 blocks of 4096 bytes, 3 frames",
         [](auto& i) { add_ring(i, add_packet_socket(i)).set_frame_nr(3); }},
        {"next unit is 2", [](auto& i) { add_ring(i, add_packet_socket(i)).set_head(2); }},
        {"has another size",
         [](auto& i) {
             add_ring(i, add_packet_socket(i));
             i.contents.back().set_size(8192);
         }},
    });
}
