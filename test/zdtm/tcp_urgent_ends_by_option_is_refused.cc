// A connection to the outside with unread urgent data is refused with --tcp-close, and goes on.
#include "outsider.h"
#include "urgent.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::Outsider outsider([&] { zdtm::hold(); });
    zdtm::send_urgent(pair, "before", '!', "after");
    close(pair.client);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::tcp_state(pair.server), TCP_ESTABLISHED);
    CHECK_EQ(zdtm::read_some(pair.server), "before");
    CHECK(zdtm::is_at_mark(pair.server));
    CHECK_EQ(zdtm::take_urgent(pair.server), '!');
    CHECK_EQ(zdtm::read_some(pair.server), "after");
    zdtm::pass();
}
