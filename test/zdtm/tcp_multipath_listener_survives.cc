// A listener of MPTCP, as the run-time of Go makes them, and the plain TCP connection that it has
// accepted from a client that does not know MPTCP.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int probe = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
    if (probe == -1) {
        zdtm::skip("this kernel has no MPTCP");
    }
    close(probe);
    const zdtm::Address any = zdtm::loopback(AF_INET6);
    const int listening = CHECK_SYS(socket(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP));
    zdtm::set_option(listening, SOL_SOCKET, SO_REUSEADDR, 1);
    CHECK_SYS(bind(listening, any.raw(), any.size()));
    CHECK_SYS(listen(listening, 8));
    const zdtm::Address name = zdtm::local_name(listening);
    const int client = zdtm::connected_to(name);
    const int server = CHECK_SYS(accept(listening, nullptr, nullptr));

    zdtm::checkpoint_here();

    zdtm::expect_both_ways(client, server);
    CHECK_EQ(zdtm::get_option(listening, SOL_SOCKET, SO_PROTOCOL), IPPROTO_MPTCP);
    CHECK_EQ(zdtm::get_option(listening, SOL_SOCKET, SO_REUSEADDR), 1);
    CHECK(zdtm::local_name(listening) == name);
    const int again = zdtm::connected_to(name);
    zdtm::expect_both_ways(again, CHECK_SYS(accept(listening, nullptr, nullptr)));
    // One end of MPTCP, the other, too.
    const int both = CHECK_SYS(socket(AF_INET6, SOCK_STREAM, IPPROTO_MPTCP));
    CHECK_SYS(connect(both, name.raw(), name.size()));
    zdtm::expect_both_ways(both, CHECK_SYS(accept(listening, nullptr, nullptr)));
    zdtm::pass();
}
