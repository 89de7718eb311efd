// A full pipe is full: no byte more fits until some are read; then the writer goes on. A second
// pipe is full of packets of one byte.
#include <fcntl.h>
#include <poll.h>

#include "zdtm.h"

namespace {

size_t fill(int fd, size_t piece) {
    const std::string data(piece, 'f');
    size_t total = 0;
    ssize_t n = 0;
    while ((n = write(fd, data.data(), data.size())) > 0) {
        total += static_cast<size_t>(n);
    }
    CHECK_EQ(errno, EAGAIN);
    return total;
}

bool writable(int fd) {
    pollfd poll_fd = {fd, POLLOUT, 0};
    return CHECK_SYS(poll(&poll_fd, 1, 0)) == 1;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int stream[2];
    int packets[2];
    CHECK_SYS(pipe2(stream, O_NONBLOCK));
    CHECK_SYS(pipe2(packets, O_NONBLOCK | O_DIRECT));
    const size_t bytes = fill(stream[1], 4'096);
    const size_t packet_count = fill(packets[1], 1);
    CHECK_EQ(bytes, fcntl(stream[1], F_GETPIPE_SZ));

    zdtm::checkpoint_here();

    CHECK(!writable(stream[1]) && !writable(packets[1]));
    CHECK(write(stream[1], "x", 1) == -1 && errno == EAGAIN);
    CHECK(write(packets[1], "x", 1) == -1 && errno == EAGAIN);
    std::string got(bytes + 1, '\0');
    CHECK_EQ(read(stream[0], got.data(), got.size()), bytes);
    CHECK(read(stream[0], got.data(), 1) == -1 && errno == EAGAIN);
    CHECK(writable(stream[1]));
    for (size_t i = 0; i < packet_count; i++) {
        CHECK_EQ(read(packets[0], got.data(), got.size()), 1);
    }
    CHECK(read(packets[0], got.data(), 1) == -1 && errno == EAGAIN);
    CHECK_EQ(fill(stream[1], 4'096), bytes);
    zdtm::pass();
}
