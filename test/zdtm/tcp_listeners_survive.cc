// TCP listeners on IPv4, IPv6 and MPTCP keep address, options and backlog, and accept connections;
// so do two that share a port (SO_REUSEPORT).
#include "inet.h"

namespace {

void expect_service(int listening) {
    const int client = zdtm::connected_to(zdtm::local_name(listening));
    const int server = CHECK_SYS(accept(listening, nullptr, nullptr));
    zdtm::expect_both_ways(client, server);
    close(client);
    close(server);
}

int reuseport_listener(const zdtm::Address& address) {
    const int fd = CHECK_SYS(socket(AF_INET, SOCK_STREAM, 0));
    zdtm::set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    CHECK_SYS(bind(fd, address.raw(), address.size()));
    CHECK_SYS(listen(fd, 3));
    return fd;
}

int backlog(int fd) {
    tcp_info info{};
    socklen_t size = sizeof info;
    CHECK_SYS(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size));
    return static_cast<int>(info.tcpi_sacked);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::vector<int> fds = {zdtm::listener(zdtm::loopback(AF_INET)),
                            zdtm::listener(zdtm::loopback(AF_INET6))};
    const int mptcp = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
    if (mptcp >= 0) {
        close(mptcp);
        fds.push_back(zdtm::listener(zdtm::loopback(AF_INET), IPPROTO_MPTCP));
    }
    zdtm::set_option(fds[0], SOL_SOCKET, SO_REUSEADDR, 1);
    zdtm::set_option(fds[1], IPPROTO_TCP, TCP_DEFER_ACCEPT, 3);
    zdtm::set_option(fds[1], IPPROTO_TCP, TCP_DEFER_ACCEPT, 0);
    zdtm::set_option(fds[1], IPPROTO_TCP, TCP_NODELAY, 1);
    fds.push_back(reuseport_listener(zdtm::loopback(AF_INET)));
    fds.push_back(reuseport_listener(zdtm::local_name(fds.back())));
    std::vector<zdtm::Address> names;
    names.reserve(fds.size());
    for (const int fd : fds) {
        names.push_back(zdtm::local_name(fd));
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < fds.size(); i++) {
        CHECK_EQ(zdtm::get_option(fds[i], SOL_SOCKET, SO_ACCEPTCONN), 1);
        CHECK(zdtm::local_name(fds[i]) == names[i]);
    }
    CHECK_EQ(zdtm::get_option(fds[0], SOL_SOCKET, SO_REUSEADDR), 1);
    CHECK_EQ(zdtm::get_option(fds[1], SOL_SOCKET, SO_REUSEADDR), 0);
    CHECK_EQ(zdtm::get_option(fds[1], IPPROTO_TCP, TCP_NODELAY), 1);
    CHECK_EQ(zdtm::get_option(fds.back(), SOL_SOCKET, SO_REUSEPORT), 1);
    CHECK_EQ(backlog(fds[0]), 8);
    CHECK_EQ(backlog(fds.back()), 3);
    if (mptcp >= 0) {
        CHECK_EQ(zdtm::get_option(fds[2], SOL_SOCKET, SO_PROTOCOL), IPPROTO_MPTCP);
        expect_service(fds[2]);
    }
    expect_service(fds[0]);
    expect_service(fds[1]);
    zdtm::pass();
}
