// What a corked TCP socket holds back stays there, and goes when the cork does.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    zdtm::send_text(pair.client, "first ");
    zdtm::expect_text(pair.server, "first ");
    zdtm::set_option(pair.client, IPPROTO_TCP, TCP_CORK, 1);
    zdtm::send_text(pair.client, "corked");

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::get_option(pair.client, IPPROTO_TCP, TCP_CORK), 1);
    zdtm::send_text(pair.client, " text");
    zdtm::set_option(pair.client, IPPROTO_TCP, TCP_CORK, 0);
    zdtm::expect_text(pair.server, "corked text");
    zdtm::expect_both_ways(pair.client, pair.server);
    zdtm::pass();
}
