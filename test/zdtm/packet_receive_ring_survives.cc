// Rings of frames that a packet socket receives into, TPACKET_V1 and V2: frames that are unread
// stay so, and the next ones come where the program looks for them, in every task that has the
// ring.
#include "ring.h"

namespace {

using zdtm::Ring;

constexpr tpacket_req kShape = {
    .tp_block_size = 4096, .tp_block_nr = 2, .tp_frame_size = 1024, .tp_frame_nr = 8};
constexpr int kRead = 11;  // before: once around, and 3
constexpr int kLater = 7;

template <typename Header>
void expect_next(Ring<Header>& ring, const std::string& text) {
    CHECK(ring.take() == text);
}

template <typename Header>
void send_and_take(Ring<Header>& ring, int sender, int count) {
    for (int i = 0; i < count; i++) {
        const std::string text = "frame " + std::to_string(i);
        zdtm::send_frame(sender, text);
        expect_next(ring, text);
    }
}

template <typename Header>
Ring<Header> make_ring(int version) {
    const int fd = zdtm::packet_socket(SOCK_RAW);
    zdtm::set_packet_option(fd, PACKET_VERSION, version);
    zdtm::set_packet_option(fd, PACKET_RESERVE, 32);
    zdtm::set_packet_option(fd, PACKET_COPY_THRESH, 100);
    CHECK_SYS(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &kShape, sizeof kShape));
    return {fd, kShape, zdtm::map_rings(fd, 8192)};
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int sender = zdtm::packet_socket(SOCK_DGRAM);
    Ring first = make_ring<tpacket_hdr>(TPACKET_V1);
    Ring second = make_ring<tpacket2_hdr>(TPACKET_V2);
    zdtm::bind_to_loopback(first.fd());
    zdtm::bind_to_loopback(second.fd());
    // Never used.
    Ring fresh = make_ring<tpacket2_hdr>(TPACKET_V2);
    for (int i = 0; i < kRead; i++) {
        zdtm::send_frame(sender, "read");
        expect_next(first, "read");
        expect_next(second, "read");
    }
    zdtm::send_frame(sender, "unread");
    zdtm::send_frame(sender, "unread, too");
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        zdtm::wait_until([&] { return shared->go == 1; });
        second.set_index(static_cast<unsigned>(shared->slot[0]));
        expect_next(second, "for the child");
    });

    zdtm::checkpoint_here();

    expect_next(first, "unread");
    expect_next(first, "unread, too");
    expect_next(second, "unread");
    expect_next(second, "unread, too");
    CHECK(first.is_empty() && second.is_empty());
    pollfd poll_first = {first.fd(), POLLIN, 0};
    CHECK_EQ(poll(&poll_first, 1, 0), 0);
    send_and_take(first, sender, kLater);
    for (int i = 0; i < kLater; i++) {
        expect_next(second, "frame " + std::to_string(i));
    }
    // Nobody else, not even the restore, has put a frame there.
    CHECK(first.is_empty() && second.is_empty());
    tpacket_stats counts{};
    socklen_t size = sizeof counts;
    CHECK_SYS(getsockopt(first.fd(), SOL_PACKET, PACKET_STATISTICS, &counts, &size));
    CHECK(counts.tp_packets == kLater || counts.tp_packets == kRead + 2 + kLater);
    CHECK_EQ(counts.tp_drops, 0u);
    zdtm::bind_to_loopback(fresh.fd());
    zdtm::send_frame(sender, "for the child");
    expect_next(fresh, "for the child");
    shared->slot[0] = second.index();
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
