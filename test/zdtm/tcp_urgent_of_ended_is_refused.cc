// Unread urgent data of a connection that is over is refused.
#include "urgent.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    zdtm::send_urgent(pair, "before", '!', "after");
    shutdown(pair.client, SHUT_WR);
    zdtm::wait_until([&] { return zdtm::tcp_state(pair.server) == TCP_CLOSE_WAIT; });
    shutdown(pair.server, SHUT_WR);
    zdtm::wait_until([&] { return zdtm::tcp_state(pair.server) == TCP_CLOSE; });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_some(pair.server), "before");
    CHECK(zdtm::is_at_mark(pair.server));
    CHECK_EQ(zdtm::take_urgent(pair.server), '!');
    CHECK_EQ(zdtm::read_some(pair.server), "after");
    zdtm::expect_end(pair.server);
    zdtm::pass();
}
