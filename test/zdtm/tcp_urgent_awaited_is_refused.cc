// A connection that has heard of an urgent byte, for which there is no room yet, is refused.
#include "urgent.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const std::string much = zdtm::fill(pair.client, 3);
    zdtm::set_option(pair.client, SOL_SOCKET, SO_SNDBUFFORCE, 16 << 20);
    CHECK_EQ(send(pair.client, "!", 1, MSG_OOB | MSG_DONTWAIT), 1);
    char byte = 0;
    // A probe of the closed window tells of it.
    zdtm::wait_until(
        [&] { return recv(pair.server, &byte, 1, MSG_OOB | MSG_PEEK) == -1 && errno == EAGAIN; });

    zdtm::checkpoint_here();

    zdtm::expect_text(pair.server, much);
    zdtm::wait_until([&] { return recv(pair.server, &byte, 1, MSG_OOB) == 1; });
    CHECK_EQ(byte, '!');
    zdtm::pass();
}
