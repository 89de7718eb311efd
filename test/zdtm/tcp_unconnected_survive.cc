// TCP sockets without a connection: new, bound, and with options.
#include <linux/filter.h>

#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fresh = CHECK_SYS(socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const int bound = zdtm::bound_socket(zdtm::loopback(AF_INET));
    const zdtm::Address name = zdtm::local_name(bound);
    zdtm::set_option(fresh, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    zdtm::set_option(fresh, SOL_SOCKET, SO_RCVBUF, 20'000);
    const int rcvbuf = zdtm::get_option(fresh, SOL_SOCKET, SO_RCVBUF);
    zdtm::set_option(bound, SOL_SOCKET, SO_KEEPALIVE, 1);
    zdtm::set_option(bound, IPPROTO_TCP, TCP_KEEPIDLE, 77);
    zdtm::set_option(bound, IPPROTO_IP, IP_TOS, 0x10);
    const linger wanted = {1, 5};
    CHECK_SYS(setsockopt(bound, SOL_SOCKET, SO_LINGER, &wanted, sizeof wanted));
    CHECK_SYS(setsockopt(bound, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
    sock_filter program[] = {{BPF_LD | BPF_W | BPF_LEN, 0, 0, 0}, {BPF_RET | BPF_K, 0, 0, 0xfffff}};
    const sock_fprog filter = {2, program};
    CHECK_SYS(setsockopt(bound, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
    zdtm::set_option(bound, SOL_SOCKET, SO_LOCK_FILTER, 1);

    zdtm::checkpoint_here();

    CHECK(zdtm::local_name(bound) == name);
    CHECK_EQ(fcntl(fresh, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    CHECK_EQ(zdtm::get_option(fresh, IPPROTO_IPV6, IPV6_V6ONLY), 1);
    CHECK_EQ(zdtm::get_option(fresh, SOL_SOCKET, SO_RCVBUF), rcvbuf);
    CHECK_EQ(zdtm::get_option(bound, SOL_SOCKET, SO_REUSEADDR), 0);
    CHECK_EQ(zdtm::get_option(bound, SOL_SOCKET, SO_KEEPALIVE), 1);
    CHECK_EQ(zdtm::get_option(bound, IPPROTO_TCP, TCP_KEEPIDLE), 77);
    CHECK_EQ(zdtm::get_option(bound, IPPROTO_IP, IP_TOS), 0x10);
    linger got{};
    socklen_t size = sizeof got;
    CHECK_SYS(getsockopt(bound, SOL_SOCKET, SO_LINGER, &got, &size));
    CHECK_EQ(got.l_linger, 5);
    char device[16] = {};
    size = sizeof device;
    CHECK_SYS(getsockopt(bound, SOL_SOCKET, SO_BINDTODEVICE, device, &size));
    CHECK_EQ(std::string(device), "lo");
    sock_filter found[4] = {};
    size = 4;
    CHECK_SYS(getsockopt(bound, SOL_SOCKET, SO_GET_FILTER, found, &size));
    CHECK_EQ(size, 2u);
    CHECK_EQ(memcmp(found, program, sizeof program), 0);
    CHECK_EQ(setsockopt(bound, SOL_SOCKET, SO_DETACH_FILTER, nullptr, 0), -1);
    CHECK_SYS(listen(bound, 1));
    const int client = zdtm::connected_to(name);
    const int server = CHECK_SYS(accept(bound, nullptr, nullptr));
    zdtm::expect_both_ways(client, server);
    zdtm::pass();
}
