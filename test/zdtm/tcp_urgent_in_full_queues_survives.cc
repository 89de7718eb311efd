// Urgent data in queues that are full, both ways at once: nothing is lost behind it, and the
// windows open again.
#include "urgent.h"

namespace {

struct Way {
    zdtm::TcpPair pair;  // from client to server
    std::string rest;
};

Way filled(const zdtm::TcpPair& pair, unsigned seed) {
    zdtm::send_urgent(pair, zdtm::pattern(3000, seed), '!', "");
    return {pair, zdtm::fill(pair.client, seed)};
}

void expect_all(const Way& way, unsigned seed) {
    const int fd = way.pair.server;
    CHECK_EQ(zdtm::unread(fd), 3000);
    zdtm::expect_text(fd, zdtm::pattern(3000, seed));
    CHECK(zdtm::is_at_mark(fd));
    CHECK_EQ(zdtm::take_urgent(fd), '!');
    zdtm::expect_text(fd, way.rest);
    zdtm::expect_nothing(fd);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair v4 = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair v6 = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const Way ways[] = {filled(v4, 1), filled({v4.server, v4.client}, 2), filled(v6, 3),
                        filled({v6.server, v6.client}, 4)};

    zdtm::checkpoint_here();

    for (unsigned i = 0; i < 4; i++) {
        expect_all(ways[i], i + 1);
    }
    for (const zdtm::TcpPair& pair : {v4, v6}) {
        zdtm::expect_more(pair);
        zdtm::expect_both_ways(pair.client, pair.server);
    }
    zdtm::pass();
}
