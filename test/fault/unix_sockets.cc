// Unix sockets of the target, with something unread in each: see objects.h.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "objects.h"
#include "unix.h"

namespace target {
namespace {

constexpr int kNoPeekOffset = -1;

struct Pair {
    int reader = -1;
    int writer = -1;
};

Pair make_pair(int type) {
    int fds[2];
    CHECK_SYS(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds));
    return {fds[0], fds[1]};
}

void send_both(int fd, int passed) {
    zdtm::send_text(fd, "plain");
    zdtm::send_fds(fd, "with a descriptor", {passed});
}

Object stream_with_descriptor() {
    const Pair pair = make_pair(SOCK_STREAM);
    const int passed = CHECK_SYS(eventfd(7, EFD_CLOEXEC | EFD_SEMAPHORE));
    send_both(pair.writer, passed);
    return {"unix stream", [pair, passed] {
                CHECK_EQ(zdtm::int_option(pair.reader, SO_PEEK_OFF), kNoPeekOffset);
                CHECK_EQ(zdtm::receive_text(pair.reader, 5), "plain");
                const zdtm::Message message = zdtm::receive_message(pair.reader);
                CHECK_EQ(message.text, "with a descriptor");
                CHECK_EQ(message.fds.size(), 1u);
                uint64_t count = 0;
                CHECK_EQ(read(message.fds[0], &count, sizeof count), 8);
                count = 1;
                CHECK_EQ(write(passed, &count, sizeof count), 8);
                CHECK_SYS(close(message.fds[0]));
                zdtm::expect_nothing(pair.reader);
                send_both(pair.writer, passed);
            }};
}

Object datagrams() {
    const Pair pair = make_pair(SOCK_DGRAM);
    const auto send_all = [pair] {
        for (const char* text : {"one", "two", "three"}) {
            zdtm::send_text(pair.writer, text);
        }
    };
    send_all();
    return {"unix datagrams", [pair, send_all] {
                CHECK_EQ(zdtm::int_option(pair.reader, SO_PEEK_OFF), kNoPeekOffset);
                CHECK_EQ(zdtm::receive_text(pair.reader), "one");
                CHECK_EQ(zdtm::receive_text(pair.reader), "two");
                CHECK_EQ(zdtm::receive_text(pair.reader), "three");
                zdtm::expect_nothing(pair.reader);
                send_all();
            }};
}

// One connection waits all the time to be accepted.
Object listener_with_pending_connection() {
    const std::string name = zdtm::path("listener");
    const int listening = zdtm::listening_socket(SOCK_STREAM, name);
    return {"unix listener",
            [listening, name, waiting = zdtm::connected_socket(SOCK_STREAM, name)] {
                const int accepted = CHECK_SYS(accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
                zdtm::send_text(accepted, "come in");
                CHECK_EQ(zdtm::receive_text(waiting), "come in");
                CHECK_SYS(close(accepted));
                // Under its old number, whatever other threads do.
                const int next = zdtm::connected_socket(SOCK_STREAM, name);
                CHECK_SYS(dup3(next, waiting, O_CLOEXEC));
                CHECK_SYS(close(next));
            }};
}

}  // namespace

std::vector<Object> make_unix_sockets() {
    return {stream_with_descriptor(), datagrams(), listener_with_pending_connection()};
}

}  // namespace target
