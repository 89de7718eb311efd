// A stream that is full holds all of its data, and its writer can go on when it has been read.
#include <fcntl.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
    zdtm::set_int_option(pair[0], SO_SNDBUF, 1 << 20);
    std::string block(10'000, 'x');
    size_t written = 0;
    for (;;) {
        block.front() = static_cast<char>('a' + written / block.size() % 26);
        const ssize_t got = send(pair[0], block.data(), block.size(), 0);
        if (got == -1) {
            break;
        }
        written += static_cast<size_t>(got);
    }
    CHECK_EQ(errno, EAGAIN);
    CHECK(written > 300'000);

    zdtm::checkpoint_here();

    std::string all;
    while (all.size() < written) {
        all += zdtm::receive_text(pair[1]);
    }
    CHECK_EQ(all.size(), written);
    for (size_t at = 0; at < all.size(); at += block.size()) {
        CHECK_EQ(all[at], static_cast<char>('a' + at / block.size() % 26));
    }
    zdtm::expect_nothing(pair[1]);
    zdtm::send_text(pair[0], "more");
    CHECK_EQ(zdtm::receive_text(pair[1]), std::string("more"));
    zdtm::pass();
}
