// A connection whose other end was closed, by a task that may be gone: what it sent before can be
// read, then comes the end. Names and state stay until the kernel finds out that nobody is there
// any more (a reset, after which the state is TCP_CLOSE). No permission is needed.
#include "inet.h"

namespace {

struct Half {
    int fd = -1;
    zdtm::Address local;
    zdtm::Address remote;
};

void await_state(int fd, int state) {
    zdtm::wait_until([&] { return zdtm::tcp_state(fd) == state; });
}

// The server answers and closes, with or without having been asked.
Half answered(const zdtm::Address& address, bool asks) {
    const zdtm::TcpPair pair = zdtm::tcp_pair(address);
    if (asks) {
        zdtm::send_text(pair.client, "a question");
        zdtm::expect_text(pair.server, "a question");
    }
    zdtm::send_text(pair.server, "an answer");
    close(pair.server);
    await_state(pair.client, TCP_CLOSE_WAIT);
    return {pair.client, zdtm::local_name(pair.client), zdtm::peer_name(pair.client)};
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const Half halves[] = {answered(zdtm::loopback(AF_INET), false),
                           answered(zdtm::loopback(AF_INET6), true),
                           answered(zdtm::mapped_loopback(), false)};

    zdtm::checkpoint_here();

    for (const Half& half : halves) {
        CHECK(zdtm::local_name(half.fd) == half.local);
        sockaddr_storage name{};
        socklen_t size = sizeof name;
        if (getpeername(half.fd, reinterpret_cast<sockaddr*>(&name), &size) == 0)
            CHECK(zdtm::peer_name(half.fd) == half.remote);
        else
            CHECK_EQ(zdtm::tcp_state(half.fd), TCP_CLOSE);
        zdtm::expect_text(half.fd, "an answer");
        zdtm::expect_end(half.fd);
        close(half.fd);
    }
    zdtm::pass();
}
