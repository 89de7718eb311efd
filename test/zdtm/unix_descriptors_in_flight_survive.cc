// Descriptors that wait in a queue: one that is also open elsewhere, and such as only the queue
// holds, an end of a pipe with data and a socket with a queue of its own among them. A stream gives
// them with the byte that they were sent with.
#include <fcntl.h>
#include <sys/eventfd.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    int inner[2];
    int ends[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, inner));
    CHECK_SYS(pipe(ends));
    const std::string path = zdtm::path("file");
    const int file = CHECK_SYS(open(path.c_str(), O_RDWR | O_CREAT, 0600));
    const int counter = CHECK_SYS(eventfd(77, EFD_NONBLOCK));
    CHECK_EQ(write(ends[1], "in the pipe", 11), 11);
    zdtm::send_fds(inner[1], "a letter", {counter});
    zdtm::send_text(pair[0], "before ");
    zdtm::send_fds(pair[0], "with two ", {file, ends[0]});
    zdtm::send_text(pair[0], "between ");
    zdtm::send_fds(pair[0], "with a socket ", {inner[0]});
    zdtm::send_text(pair[0], "after");
    for (const int fd : {ends[0], ends[1], inner[0], inner[1], counter}) {
        CHECK_SYS(close(fd));
    }

    zdtm::checkpoint_here();

    // Reads that end before the message with descriptors get none.
    const zdtm::Message first = zdtm::receive_message(pair[1], 4);
    CHECK_EQ(first.text, std::string("befo"));
    CHECK_EQ(first.fds.size(), 0);
    CHECK_EQ(zdtm::receive_message(pair[1], 3).fds.size(), 0);
    const zdtm::Message two = zdtm::receive_message(pair[1]);
    CHECK_EQ(two.text, std::string("with two "));
    CHECK_EQ(two.fds.size(), 2);
    CHECK_EQ(lseek(two.fds[0], 5, SEEK_SET), 5);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 5);
    char text[32] = {};
    CHECK_EQ(read(two.fds[1], text, sizeof text), 11);
    CHECK_EQ(read(two.fds[1], text, sizeof text), 0);
    CHECK_EQ(std::string(text), std::string("in the pipe"));
    const zdtm::Message one = zdtm::receive_message(pair[1]);
    CHECK_EQ(one.text, std::string("between with a socket "));
    CHECK_EQ(one.fds.size(), 1);
    const zdtm::Message letter = zdtm::receive_message(one.fds[0]);
    CHECK_EQ(letter.text, std::string("a letter"));
    CHECK_EQ(letter.fds.size(), 1);
    uint64_t value = 0;
    CHECK_EQ(read(letter.fds[0], &value, sizeof value), 8);
    CHECK_EQ(value, 77);
    CHECK_EQ(zdtm::receive_text(pair[1]), std::string("after"));
    zdtm::expect_nothing(pair[1]);
    CHECK_SYS(unlink(path.c_str()));
    zdtm::pass();
}
