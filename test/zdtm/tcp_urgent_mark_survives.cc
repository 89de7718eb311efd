// The mark of an urgent byte survives: of one that has been read out of line, and of one that is
// in line, with data before it and without.
#include "urgent.h"

namespace {

// After what is before it has been read.
void expect_mark(int fd, const std::string& rest, bool is_inline) {
    CHECK(zdtm::is_at_mark(fd));
    CHECK_EQ(zdtm::has_urgent(fd), is_inline);
    CHECK_EQ(zdtm::take_urgent(fd), -EINVAL);
    CHECK_EQ(zdtm::get_option(fd, SOL_SOCKET, SO_OOBINLINE), is_inline ? 1 : 0);
    CHECK_EQ(zdtm::read_some(fd), is_inline ? "!" + rest : rest);
    zdtm::expect_nothing(fd);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair in_line = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair in_line_at = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::TcpPair read = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair read_at = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::TcpPair read_last = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    for (const zdtm::TcpPair& pair : {in_line, in_line_at}) {
        zdtm::set_option(pair.server, SOL_SOCKET, SO_OOBINLINE, 1);
    }
    zdtm::set_option(read.server, SOL_SOCKET, SO_PEEK_OFF, 2);
    for (const zdtm::TcpPair& pair : {in_line, in_line_at, read, read_at, read_last}) {
        zdtm::send_urgent(pair, "before", '!', pair.client == read_last.client ? "" : "after");
    }
    for (const zdtm::TcpPair& pair : {read, read_at, read_last}) {
        CHECK_EQ(zdtm::take_urgent(pair.server), '!');
    }
    for (const zdtm::TcpPair& pair : {in_line_at, read_at, read_last}) {
        CHECK_EQ(zdtm::read_some(pair.server), "before");
    }

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::unread(read.server), 6);
    CHECK_EQ(zdtm::unread(in_line.server), 12);
    CHECK_EQ(zdtm::get_option(read.server, SOL_SOCKET, SO_PEEK_OFF), 2);
    for (const zdtm::TcpPair& pair : {in_line, read}) {
        CHECK(!zdtm::is_at_mark(pair.server));
        CHECK_EQ(zdtm::read_some(pair.server), "before");
    }
    expect_mark(in_line.server, "after", true);
    expect_mark(in_line_at.server, "after", true);
    expect_mark(read.server, "after", false);
    expect_mark(read_at.server, "after", false);
    CHECK(zdtm::is_at_mark(read_last.server));
    CHECK_EQ(zdtm::unread(read_last.server), 0);
    zdtm::send_text(read_last.client, "next");
    zdtm::expect_text(read_last.server, "next");
    for (const zdtm::TcpPair& pair : {in_line, in_line_at, read, read_at, read_last}) {
        zdtm::set_option(pair.server, SOL_SOCKET, SO_OOBINLINE, 0);
        zdtm::expect_nothing(pair.server);
        zdtm::expect_more(pair);
        zdtm::expect_both_ways(pair.client, pair.server);
    }
    zdtm::pass();
}
