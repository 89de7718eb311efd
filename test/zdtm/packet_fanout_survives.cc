// Packet sockets that share their work in a fanout group, one of them in a child: each still gets
// its part of the frames.
#include "packet.h"

namespace {

constexpr int kFrames = 12;

int member(int type_flags) {
    const int fd = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::bind_to_loopback(fd);
    zdtm::set_packet_option(fd, PACKET_FANOUT, type_flags);
    return fd;
}

void expect_part(int fd) {
    for (int i = 0; i < kFrames / 3; i++) {
        zdtm::next_frame(fd, SOCK_DGRAM);
    }
    zdtm::expect_no_frame(fd);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int sender = zdtm::packet_socket(SOCK_DGRAM);
    // A group of its own, whatever other tests have.
    const int first = member(PACKET_FANOUT_FLAG_UNIQUEID << 16 | PACKET_FANOUT_LB << 16);
    const int group = zdtm::packet_option(first, PACKET_FANOUT);
    CHECK_EQ(group >> 16, PACKET_FANOUT_LB);
    const int second = member(group);
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        const int third = member(group);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; });
        CHECK_EQ(zdtm::packet_option(third, PACKET_FANOUT), group);
        expect_part(third);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    const int rollover = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::bind_to_loopback(rollover);
    constexpr int kFlags = PACKET_FANOUT_FLAG_ROLLOVER | PACKET_FANOUT_FLAG_DEFRAG;
    zdtm::set_packet_option(rollover, PACKET_FANOUT,
                            (PACKET_FANOUT_FLAG_UNIQUEID | kFlags | PACKET_FANOUT_CPU) << 16);
    const int other = zdtm::packet_option(rollover, PACKET_FANOUT);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::packet_option(first, PACKET_FANOUT), group);
    CHECK_EQ(zdtm::packet_option(second, PACKET_FANOUT), group);
    CHECK_EQ(zdtm::packet_option(rollover, PACKET_FANOUT), other);
    for (int i = 0; i < kFrames; i++) {
        zdtm::send_frame(sender, "frame");
    }
    for (int i = 0; i < kFrames; i++) {
        zdtm::next_frame(rollover, SOCK_DGRAM);
    }
    expect_part(first);
    expect_part(second);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
