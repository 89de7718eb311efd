// TCP connections inside the tree in LAST_ACK and CLOSING: nothing of what was sent is lost, both
// ends come to an end, and then they are over.
#include "closing.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Closing connections[] = {zdtm::last_ack(zdtm::loopback(AF_INET)),
                                         zdtm::closing(zdtm::loopback(AF_INET6))};

    zdtm::checkpoint_here();

    for (const zdtm::Closing& each : connections) {
        CHECK(send(each.pair.client, "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
        zdtm::expect_first_words(each.pair.client);
        zdtm::expect_all(each.pair.server, each.text);
        zdtm::wait_until([&] { return zdtm::tcp_state(each.pair.client) == TCP_CLOSE; });
        CHECK_EQ(zdtm::get_option(each.pair.client, SOL_SOCKET, SO_ERROR), 0);
    }
    zdtm::pass();
}
