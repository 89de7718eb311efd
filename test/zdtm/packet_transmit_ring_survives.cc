// Rings of frames that a packet socket transmits from: what is filled and not sent yet is sent by
// the next send(2), and the kernel goes on where the program does. With a ring to receive into
// beside it, and without; with PACKET_LOSS, and without.
#include "ring.h"

namespace {

using zdtm::Ring;

constexpr tpacket_req kShape = {
    .tp_block_size = 4096, .tp_block_nr = 2, .tp_frame_size = 1024, .tp_frame_nr = 8};

// Not sent yet.
void fill(Ring<tpacket2_hdr>& ring, const std::string& text) {
    CHECK_EQ(ring.status().load(), TP_STATUS_AVAILABLE);
    char* data = reinterpret_cast<char*>(&ring.head()) + TPACKET_ALIGN(sizeof(tpacket2_hdr));
    ethhdr head{};
    head.h_proto = htons(zdtm::own_protocol());
    memcpy(data, &head, sizeof head);
    memcpy(data + sizeof head, text.data(), text.size());
    ring.head().tp_len = static_cast<uint32_t>(sizeof head + text.size());
    ring.status().store(TP_STATUS_SEND_REQUEST);
    ring.next();
}

void transmit(const Ring<tpacket2_hdr>& ring) {
    CHECK_SYS(send(ring.fd(), nullptr, 0, 0));
}

void expect(int receiver, const std::string& text) {
    CHECK(zdtm::next_frame(receiver, SOCK_DGRAM) == text);
}

int make_socket() {
    const int fd = zdtm::packet_socket(SOCK_RAW);
    zdtm::set_packet_option(fd, PACKET_VERSION, TPACKET_V2);
    return fd;
}

void make_ring(int fd, int name) {
    CHECK_SYS(setsockopt(fd, SOL_PACKET, name, &kShape, sizeof kShape));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int both = make_socket();
    make_ring(both, PACKET_RX_RING);
    make_ring(both, PACKET_TX_RING);
    zdtm::bind_to_loopback(both);
    char* memory = zdtm::map_rings(both, 16384);
    Ring<tpacket2_hdr> received(both, kShape, memory);
    Ring<tpacket2_hdr> first(both, kShape, memory + 8192);
    const int losing = make_socket();
    zdtm::set_packet_option(losing, PACKET_LOSS, 1);
    make_ring(losing, PACKET_TX_RING);
    zdtm::bind_to_loopback(losing);
    Ring<tpacket2_hdr> second(losing, kShape, zdtm::map_rings(losing, 8192));
    const int receiver = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::bind_to_loopback(receiver);
    for (int i = 0; i < 11; i++) {
        for (Ring<tpacket2_hdr>* ring : {&first, &second}) {
            fill(*ring, "sent");
            transmit(*ring);
            expect(receiver, "sent");
            CHECK(received.take() == "sent");
        }
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
        for (Ring<tpacket2_hdr>* ring : {&second, &first}) {
            const std::string text = "sent later " + std::to_string(i);
            fill(*ring, text);
            transmit(*ring);
            expect(receiver, text);
            CHECK(received.take() == text);
        }
    }
    CHECK(received.is_empty());
    zdtm::pass();
}
