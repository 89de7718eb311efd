// Rings of frames that a packet socket transmits from, in every version: what is filled and not
// sent yet is sent by the next send(2), and the kernel goes on where the program does. With a ring
// to receive into beside it, and without; with PACKET_LOSS, and without.
#include "ring.h"

namespace {

using zdtm::Ring;

constexpr tpacket_req kShape = {
    .tp_block_size = 4096, .tp_block_nr = 2, .tp_frame_size = 1024, .tp_frame_nr = 8};

// Not sent yet.
template <typename Header>
void fill(Ring<Header>& ring, const std::string& text) {
    CHECK_EQ(ring.status().load(), TP_STATUS_AVAILABLE);
    char* data = reinterpret_cast<char*>(&ring.head()) + TPACKET_ALIGN(sizeof(Header));
    ethhdr head{};
    head.h_proto = htons(zdtm::own_protocol());
    memcpy(data, &head, sizeof head);
    memcpy(data + sizeof head, text.data(), text.size());
    ring.head().tp_len = static_cast<uint32_t>(sizeof head + text.size());
    ring.status().store(TP_STATUS_SEND_REQUEST);
    ring.next();
}

template <typename Header>
void transmit(const Ring<Header>& ring) {
    CHECK_SYS(send(ring.fd(), nullptr, 0, 0));
}

void expect(int receiver, const std::string& text) {
    CHECK(zdtm::next_frame(receiver, SOCK_DGRAM) == text);
}

int make_socket(int version) {
    const int fd = zdtm::packet_socket(SOCK_RAW);
    zdtm::set_packet_option(fd, PACKET_VERSION, version);
    return fd;
}

void make_ring(int fd, int name) {
    const tpacket_req3 shape = {kShape.tp_block_size,
                                kShape.tp_block_nr,
                                kShape.tp_frame_size,
                                kShape.tp_frame_nr,
                                0,
                                0,
                                0};
    CHECK_SYS(setsockopt(fd, SOL_PACKET, name, &shape, sizeof shape));
}

template <typename Header>
Ring<Header> make_transmitting(int fd) {
    make_ring(fd, PACKET_TX_RING);
    zdtm::bind_to_loopback(fd);
    return {fd, kShape, zdtm::map_rings(fd, 8192)};
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int both = make_socket(TPACKET_V2);
    make_ring(both, PACKET_RX_RING);
    make_ring(both, PACKET_TX_RING);
    zdtm::bind_to_loopback(both);
    char* memory = zdtm::map_rings(both, 16384);
    Ring<tpacket2_hdr> received(both, kShape, memory);
    Ring<tpacket2_hdr> first(both, kShape, memory + 8192);
    const int losing = make_socket(TPACKET_V2);
    zdtm::set_packet_option(losing, PACKET_LOSS, 1);
    Ring second = make_transmitting<tpacket2_hdr>(losing);
    Ring third = make_transmitting<tpacket_hdr>(make_socket(TPACKET_V1));
    Ring fourth = make_transmitting<tpacket3_hdr>(make_socket(TPACKET_V3));
    const int receiver = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::bind_to_loopback(receiver);
    auto pass_on = [&](auto& ring, const std::string& text) {
        fill(ring, text);
        transmit(ring);
        expect(receiver, text);
        CHECK(received.take() == text);
    };
    auto pass_on_by_all = [&](const std::string& text) {
        pass_on(first, text);
        pass_on(second, text);
        pass_on(third, text);
        pass_on(fourth, text);
    };
    for (int i = 0; i < 11; i++) {
        pass_on_by_all("sent");
    }
    fill(first, "one");
    fill(first, "two");

    zdtm::checkpoint_here();

    zdtm::expect_no_frame(receiver);
    fill(first, "three");
    transmit(first);
    for (const char* text : {"one", "two", "three"}) {
        expect(receiver, text);
        CHECK(received.take() == text);
    }
    for (int i = 0; i < 11; i++) {
        pass_on_by_all("sent later " + std::to_string(i));
    }
    CHECK(received.is_empty());
    zdtm::pass();
}
