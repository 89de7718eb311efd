// Packet sockets: what they hear, at which interface, and their options. Frames that nobody has
// read may be gone.
#include <linux/filter.h>
#include <linux/net_tstamp.h>

#include "packet.h"

namespace {

using zdtm::packet_option;
using zdtm::set_packet_option;

// Frames whose text begins with 'y'.
void attach_filter(int fd) {
    sock_filter program[] = {{BPF_LD | BPF_B | BPF_ABS, 0, 0, 0},
                             {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 'y'},
                             {BPF_RET | BPF_K, 0, 0, 0xffff},
                             {BPF_RET | BPF_K, 0, 0, 0}};
    const sock_fprog filter = {4, program};
    CHECK_SYS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
    zdtm::set_option(fd, SOL_SOCKET, SO_LOCK_FILTER, 1);
}

sockaddr_ll name_of(int fd) {
    sockaddr_ll name{};
    socklen_t size = sizeof name;
    CHECK_SYS(getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size));
    return name;
}

// With the status of a frame that fits into the buffer.
void expect_auxdata(int fd) {
    char frame[256];
    alignas(cmsghdr) char control[256];
    iovec part = {frame, sizeof frame};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    CHECK_EQ(recvmsg(fd, &message, 0), ETH_HLEN + 5);
    const cmsghdr* head = CMSG_FIRSTHDR(&message);
    CHECK(head != nullptr && head->cmsg_level == SOL_PACKET && head->cmsg_type == PACKET_AUXDATA);
}

// Room is soon taken by what others send; nothing that goes out is heard.
bool hears_everything(int fd, int sender) {
    char frame[256];
    sockaddr_ll from{};
    socklen_t size = sizeof from;
    while (recv(fd, frame, sizeof frame, MSG_DONTWAIT) > 0) {
    }
    zdtm::send_frame(sender, "all");
    bool found = false;
    while (recvfrom(fd, frame, sizeof frame, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from),
                    &size) > 0) {
        CHECK(from.sll_pkttype != PACKET_OUTGOING);
        found |= ntohs(from.sll_protocol) == zdtm::own_protocol();
    }
    return found;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int sender = zdtm::packet_socket(SOCK_DGRAM);
    const int raw = zdtm::packet_socket(SOCK_RAW);
    set_packet_option(raw, PACKET_AUXDATA, 1);
    set_packet_option(raw, PACKET_ORIGDEV, 1);
    zdtm::bind_to_loopback(raw);
    // Everywhere.
    const int cooked =
        CHECK_SYS(socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, htons(zdtm::own_protocol())));
    const int filtered = zdtm::packet_socket(SOCK_DGRAM);
    attach_filter(filtered);
    zdtm::set_option(filtered, SOL_SOCKET, SO_RCVBUFFORCE, 3 << 20);
    zdtm::bind_to_loopback(filtered);
    zdtm::set_option(raw, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_SOFTWARE);
    const int rcvbuf = zdtm::get_option(filtered, SOL_SOCKET, SO_RCVBUF);
    const int all = CHECK_SYS(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
    const std::pair<int, int> options[] = {
        {PACKET_VERSION, TPACKET_V3}, {PACKET_RESERVE, 64},       {PACKET_LOSS, 1},
        {PACKET_VNET_HDR, 1},         {PACKET_TX_HAS_OFF, 1},     {PACKET_TIMESTAMP, 1 << 4},
        {PACKET_QDISC_BYPASS, 1},     {PACKET_IGNORE_OUTGOING, 1}};
    for (const auto& [name, value] : options) {
        set_packet_option(all, name, value);
    }
    zdtm::send_frame(sender, "never read");

    zdtm::checkpoint_here();

    CHECK_EQ(name_of(sender).sll_protocol, 0);
    CHECK_EQ(ntohs(name_of(raw).sll_protocol), zdtm::own_protocol());
    CHECK_EQ(name_of(raw).sll_ifindex, if_nametoindex("lo"));
    CHECK_EQ(name_of(cooked).sll_ifindex, 0);
    CHECK_EQ(ntohs(name_of(all).sll_protocol), ETH_P_ALL);
    for (const auto& [name, value] : options) {
        CHECK_EQ(packet_option(all, name), value);
        CHECK_EQ(packet_option(sender, name), 0);
    }
    CHECK_EQ(packet_option(raw, PACKET_ORIGDEV), 1);
    CHECK_EQ(packet_option(cooked, PACKET_ORIGDEV), 0);
    char frame[256];
    for (const int fd : {raw, cooked}) {
        while (recv(fd, frame, sizeof frame, MSG_DONTWAIT) > 0) {
        }
        CHECK_EQ(errno, EAGAIN);
    }
    zdtm::send_frame(sender, "no");
    zdtm::send_frame(sender, "yes, ");
    CHECK(zdtm::next_frame(raw, SOCK_RAW) == "no");
    expect_auxdata(raw);
    CHECK(zdtm::next_frame(cooked, SOCK_DGRAM) == "no");
    CHECK(zdtm::next_frame(cooked, SOCK_DGRAM) == "yes, ");
    CHECK(zdtm::next_frame(filtered, SOCK_DGRAM) == "yes, ");
    zdtm::expect_no_frame(filtered);
    zdtm::expect_no_frame(cooked);
    CHECK_EQ(zdtm::get_option(filtered, SOL_SOCKET, SO_RCVBUF), rcvbuf);
    CHECK_EQ(zdtm::get_option(raw, SOL_SOCKET, SO_TIMESTAMPING), SOF_TIMESTAMPING_SOFTWARE);
    CHECK_EQ(zdtm::get_option(filtered, SOL_SOCKET, SO_LOCK_FILTER), 1);
    zdtm::wait_until([&] { return hears_everything(all, sender); });
    zdtm::pass();
}
