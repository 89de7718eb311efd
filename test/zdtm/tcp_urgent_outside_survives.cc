// Urgent data that came from outside of the tree is as it was with --tcp-established, and the
// connection goes on.
#include "outsider.h"
#include "urgent.h"

namespace {

// What comes from the tree, back to it. The tree closes its copies first.
void answer(const zdtm::TcpPair& v4, const zdtm::TcpPair& v6) {
    for (const zdtm::TcpPair& pair : {v4, v6}) {
        close(pair.server);
    }
    zdtm::echo_all({v4.client, v6.client});
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair v4 = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair v6 = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::Outsider outsider([&] { answer(v4, v6); });
    zdtm::set_option(v6.server, SOL_SOCKET, SO_OOBINLINE, 1);
    // As routers speak with each other: nothing may have passed another one.
    zdtm::set_option(v4.client, IPPROTO_IP, IP_TTL, 255);
    zdtm::set_option(v4.server, IPPROTO_IP, IP_MINTTL, 255);
    for (const zdtm::TcpPair& pair : {v4, v6}) {
        zdtm::keep_signal(pair.server);
        zdtm::send_urgent(pair, "before", '!', "after");
        close(pair.client);
    }
    CHECK(zdtm::take_signal());

    zdtm::checkpoint_here();

    CHECK(!zdtm::take_signal());
    for (const zdtm::TcpPair& pair : {v4, v6}) {
        CHECK(zdtm::has_urgent(pair.server));
        CHECK_EQ(zdtm::read_some(pair.server), "before");
        CHECK(zdtm::is_at_mark(pair.server));
    }
    CHECK_EQ(zdtm::take_urgent(v4.server), '!');
    CHECK_EQ(zdtm::read_some(v4.server), "after");
    CHECK_EQ(zdtm::read_some(v6.server), "!after");
    zdtm::set_option(v6.server, SOL_SOCKET, SO_OOBINLINE, 0);
    for (const zdtm::TcpPair& pair : {v4, v6}) {
        zdtm::expect_nothing(pair.server);
        const std::string text = zdtm::pattern(100'000, 5);
        const pid_t child = zdtm::fork_child([&] { zdtm::send_text(pair.server, text); });
        zdtm::expect_text(pair.server, text);
        zdtm::expect_exit(child);
    }
    zdtm::pass();
}
