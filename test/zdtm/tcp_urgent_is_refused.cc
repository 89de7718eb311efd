// A connection with unread urgent data is refused.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    zdtm::send_text(pair.client, "abc");
    CHECK_EQ(send(pair.client, "!", 1, MSG_OOB), 1);
    char byte = 0;
    zdtm::wait_until([&] { return recv(pair.server, &byte, 1, MSG_OOB | MSG_PEEK) == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(recv(pair.server, &byte, 1, MSG_OOB), 1);
    CHECK_EQ(byte, '!');
    zdtm::expect_text(pair.server, "abc");
    zdtm::pass();
}
