// TCP connections that one end or both have shut down: what was sent before arrives, then the end;
// the other direction still works.
#include "inet.h"

namespace {

void await_state(int fd, int state) {
    zdtm::wait_until([&] { return zdtm::tcp_state(fd) == state; });
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    // FIN_WAIT2 and CLOSE_WAIT, with data both ways.
    const zdtm::TcpPair half = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    zdtm::send_text(half.client, "last words");
    zdtm::send_text(half.server, "an answer");
    CHECK_SYS(shutdown(half.client, SHUT_WR));
    await_state(half.client, TCP_FIN_WAIT2);
    await_state(half.server, TCP_CLOSE_WAIT);
    // FIN_WAIT1: the FIN waits behind data that there is no room for.
    const zdtm::TcpPair full = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const std::string much = zdtm::fill(full.client, 3);
    CHECK_SYS(shutdown(full.client, SHUT_WR));
    CHECK_EQ(zdtm::tcp_state(full.client), TCP_FIN_WAIT1);
    // Over on both ends, with data that nobody has read.
    const zdtm::TcpPair over = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    zdtm::send_text(over.client, "unread");
    CHECK_SYS(shutdown(over.client, SHUT_WR));
    await_state(over.server, TCP_CLOSE_WAIT);
    CHECK_SYS(shutdown(over.server, SHUT_WR));
    await_state(over.server, TCP_CLOSE);
    // Reset, and the program has heard of it.
    const zdtm::TcpPair reset = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    zdtm::send_text(reset.server, "lost");
    close(reset.server);
    zdtm::send_text(reset.client, "into nothing");
    await_state(reset.client, TCP_CLOSE);
    CHECK(zdtm::get_option(reset.client, SOL_SOCKET, SO_ERROR) != 0);

    zdtm::checkpoint_here();

    zdtm::expect_text(half.server, "last words");
    zdtm::expect_end(half.server);
    zdtm::expect_text(half.client, "an answer");
    zdtm::expect_flow(half.server, half.client, 5);
    CHECK(send(half.client, "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
    close(half.server);
    zdtm::expect_end(half.client);

    zdtm::expect_text(full.server, much);
    zdtm::expect_end(full.server);
    zdtm::expect_flow(full.server, full.client, 6);

    zdtm::expect_text(over.server, "unread");
    zdtm::expect_end(over.server);
    CHECK_EQ(zdtm::tcp_state(over.server), TCP_CLOSE);
    zdtm::expect_end(over.client);
    CHECK_EQ(zdtm::get_option(reset.client, SOL_SOCKET, SO_ERROR), 0);
    zdtm::expect_text(reset.client, "lost");
    zdtm::expect_end(reset.client);
    zdtm::pass();
}
