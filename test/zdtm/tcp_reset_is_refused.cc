// A connection that was reset, of which the program has not heard yet, is refused: the error can be
// had only once.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const linger at_once = {1, 0};
    CHECK_SYS(setsockopt(pair.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
    close(pair.client);
    zdtm::wait_until([&] { return zdtm::tcp_state(pair.server) == TCP_CLOSE; });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::get_option(pair.server, SOL_SOCKET, SO_ERROR), ECONNRESET);
    zdtm::pass();
}
