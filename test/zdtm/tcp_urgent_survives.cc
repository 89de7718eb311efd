// An urgent byte that is unread stays so, with what came before and after it, and its mark in
// between. It comes without a second SIGURG.
#include "urgent.h"

namespace {

void expect_all(int fd, const std::string& before, int byte, const std::string& after) {
    CHECK_EQ(zdtm::unread(fd), static_cast<int>(before.size()));
    CHECK(zdtm::has_urgent(fd));
    if (!before.empty()) {
        CHECK(!zdtm::is_at_mark(fd));
        CHECK_EQ(zdtm::read_some(fd), before);
    }
    CHECK(zdtm::is_at_mark(fd));
    CHECK_EQ(zdtm::take_urgent(fd), byte);
    CHECK(!zdtm::has_urgent(fd));
    if (!after.empty()) {
        CHECK_EQ(zdtm::read_some(fd), after);
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair v4 = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair v6 = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::TcpPair mapped = zdtm::tcp_pair(zdtm::mapped_loopback());
    const zdtm::TcpPair alone = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair closed = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair gone = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    zdtm::keep_signal(v4.server);
    zdtm::send_urgent(v4, "before", '!', "after");
    zdtm::send_urgent(v6, zdtm::pattern(2000, 1), 'x', zdtm::pattern(3000, 2));
    zdtm::send_urgent(mapped, "", '\0', "after");
    zdtm::send_urgent(alone, "", '\xff', "");
    zdtm::send_urgent(closed, "before", '!', "");
    zdtm::send_urgent(gone, "before", '!', "after");
    shutdown(closed.client, SHUT_WR);
    close(gone.client);
    for (const zdtm::TcpPair& pair : {closed, gone}) {
        zdtm::wait_until([&] { return zdtm::tcp_state(pair.server) == TCP_CLOSE_WAIT; });
    }
    CHECK(zdtm::take_signal());

    zdtm::checkpoint_here();

    CHECK(!zdtm::take_signal());
    expect_all(v4.server, "before", '!', "after");
    expect_all(v6.server, zdtm::pattern(2000, 1), 'x', zdtm::pattern(3000, 2));
    expect_all(mapped.server, "", '\0', "after");
    expect_all(alone.server, "", 0xff, "");
    expect_all(closed.server, "before", '!', "");
    expect_all(gone.server, "before", '!', "after");
    zdtm::expect_end(closed.server);
    zdtm::expect_end(gone.server);
    zdtm::send_text(closed.server, "still here");
    zdtm::expect_text(closed.client, "still here");
    for (const zdtm::TcpPair& pair : {v4, v6, mapped, alone}) {
        zdtm::expect_nothing(pair.server);
        zdtm::expect_more(pair);
        zdtm::expect_both_ways(pair.client, pair.server);
    }
    CHECK(zdtm::take_signal());
    zdtm::pass();
}
