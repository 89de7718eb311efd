// Netlink sockets: their ports, groups, modes, options and filters; the kernel answers them, and
// tells them its news.
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <vector>

#include "inet.h"

namespace {

sockaddr_nl name_of(int fd) {
    sockaddr_nl name{};
    socklen_t size = sizeof name;
    CHECK_SYS(getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size));
    return name;
}

int bound(int protocol, uint32_t port, uint32_t groups) {
    const int fd = CHECK_SYS(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
    sockaddr_nl name{};
    name.nl_family = AF_NETLINK;
    name.nl_pid = port;
    name.nl_groups = groups;
    CHECK_SYS(bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof name));
    return fd;
}

// The loopback interface, asked for by its number.
void expect_answer(int fd) {
    struct {
        nlmsghdr head;
        ifinfomsg link;
    } request{};

    request.head.nlmsg_len = sizeof request;
    request.head.nlmsg_type = RTM_GETLINK;
    request.head.nlmsg_flags = NLM_F_REQUEST;
    request.link.ifi_index = 1;
    CHECK_EQ(send(fd, &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));
    char answer[16 * 1024];
    CHECK(recv(fd, answer, sizeof answer, 0) > 0);
    nlmsghdr head;
    memcpy(&head, answer, sizeof head);
    CHECK_EQ(head.nlmsg_type, RTM_NEWLINK);
    CHECK_EQ(head.nlmsg_pid, name_of(fd).nl_pid);
}

std::vector<uint32_t> groups_of(int fd) {
    std::vector<uint32_t> bits(32);
    socklen_t size = bits.size() * sizeof bits[0];
    CHECK_SYS(getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, bits.data(), &size));
    return bits;
}

// What begins with these four bytes only: the group is everybody's on this machine, other runs of
// this test among them.
void hear_only(int fd, const std::string& begin) {
    uint32_t word = 0;
    memcpy(&word, begin.data(), sizeof word);
    sock_filter code[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
                          {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, ntohl(word)},
                          {BPF_RET | BPF_K, 0, 0, 4096},
                          {BPF_RET | BPF_K, 0, 0, 0}};
    const sock_fprog filter = {4, code};
    CHECK_SYS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int asking = bound(NETLINK_ROUTE, 0, 0);
    const int fresh = CHECK_SYS(socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK, NETLINK_GENERIC));
    const int hearing = bound(NETLINK_KOBJECT_UEVENT, 0, 1);
    zdtm::set_option(hearing, SOL_SOCKET, SO_PASSCRED, 1);
    zdtm::set_option(hearing, SOL_SOCKET, SO_RCVBUFFORCE, 3 << 20);
    sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
    const sock_fprog filter = {1, nothing};
    CHECK_SYS(setsockopt(hearing, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
    // Two of user space: one hears what the other says to a group, the other has it as its peer.
    const uint32_t port = 2 * name_of(asking).nl_pid + 1'000'000;
    const int listener = bound(NETLINK_USERSOCK, port, 0);
    const std::string own(reinterpret_cast<const char*>(&port), sizeof port);
    hear_only(listener, own);
    zdtm::set_option(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 5);
    zdtm::set_option(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, 17);
    zdtm::set_option(listener, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
    zdtm::set_option(listener, SOL_NETLINK, NETLINK_PKTINFO, 1);
    const int speaker = bound(NETLINK_USERSOCK, port + 1, 0);
    sockaddr_nl to = name_of(listener);
    to.nl_groups = 0;
    CHECK_SYS(connect(speaker, reinterpret_cast<sockaddr*>(&to), sizeof to));
    const sockaddr_nl before = name_of(asking);
    const std::vector<uint32_t> groups = groups_of(listener);
    const int rcvbuf = zdtm::get_option(hearing, SOL_SOCKET, SO_RCVBUF);

    zdtm::checkpoint_here();

    CHECK_EQ(name_of(asking).nl_pid, before.nl_pid);
    expect_answer(asking);
    CHECK_EQ(zdtm::get_option(fresh, SOL_SOCKET, SO_PROTOCOL), NETLINK_GENERIC);
    CHECK_EQ(name_of(fresh).nl_pid, 0u);
    CHECK_EQ(name_of(hearing).nl_groups, 1u);
    CHECK_EQ(zdtm::get_option(hearing, SOL_SOCKET, SO_PASSCRED), 1);
    CHECK_EQ(zdtm::get_option(hearing, SOL_SOCKET, SO_RCVBUF), rcvbuf);
    socklen_t instructions = 0;
    CHECK_SYS(getsockopt(hearing, SOL_SOCKET, SO_GET_FILTER, nullptr, &instructions));
    CHECK_EQ(instructions, 1u);
    CHECK(groups_of(listener) == groups);
    CHECK_EQ(zdtm::get_option(listener, SOL_NETLINK, NETLINK_NO_ENOBUFS), 1);
    CHECK_EQ(zdtm::get_option(listener, SOL_NETLINK, NETLINK_PKTINFO), 1);
    CHECK_EQ(zdtm::get_option(listener, SOL_NETLINK, NETLINK_CAP_ACK), 0);
    zdtm::send_text(speaker, own + "direct");
    zdtm::expect_text(listener, own + "direct");
    to.nl_pid = 0;
    to.nl_groups = 1 << 4;
    // The group has it; the kernel, to which it goes as well, has no such socket.
    const std::string all = own + "to all";
    CHECK(sendto(speaker, all.data(), all.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) ==
              -1 &&
          errno == ECONNREFUSED);
    zdtm::expect_text(listener, all);
    zdtm::pass();
}
