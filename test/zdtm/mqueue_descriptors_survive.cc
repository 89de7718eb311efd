// Descriptors of POSIX message queues keep access mode, flags, position in the queue's status, what
// they share, and close-on-exec; also one that is on its way through a socket.
#include "family.h"
#include "queues.h"
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const std::string name = zdtm::queue_name(1);
    const mqd_t reader = zdtm::make_queue(name, 4, 100, O_RDONLY);
    const mqd_t writer = CHECK_SYS(mq_open(name.c_str(), O_WRONLY | O_NONBLOCK));
    CHECK_SYS(fcntl(writer, F_SETFD, 0));
    const int copy = CHECK_SYS(dup(reader));
    const std::string link = "/proc/self/fd/" + std::to_string(reader);
    const int by_path = CHECK_SYS(open(link.c_str(), O_RDWR | O_APPEND));
    char text[7] = {};
    CHECK_EQ(read(copy, text, 6), 6);
    CHECK_EQ(std::string(text), "QSIZE:");
    const mqd_t unlinked = zdtm::make_unlinked_queue(2, 2, 10);
    zdtm::put(unlinked, 1, "far");
    int sockets[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
    zdtm::send_fds(sockets[0], "x", {unlinked});
    CHECK_SYS(close(unlinked));
    const int flags = CHECK_SYS(fcntl(by_path, F_GETFL));
    const pid_t child = zdtm::fork_child([&] {
        gate->wait();
        CHECK_EQ(lseek(reader, 0, SEEK_CUR), 6);
        zdtm::put(writer, 5, "from the child");
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    CHECK_EQ(fcntl(reader, F_GETFL), O_RDONLY);
    CHECK_EQ(fcntl(writer, F_GETFL), O_WRONLY | O_NONBLOCK);
    CHECK_EQ(fcntl(by_path, F_GETFL), flags);
    CHECK_EQ(fcntl(reader, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(writer, F_GETFD), 0);
    CHECK_EQ(zdtm::queue_attributes(writer).mq_flags, O_NONBLOCK);
    CHECK_EQ(mq_send(reader, "x", 1, 0), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_SYS(lseek(copy, 2, SEEK_CUR));
    CHECK_EQ(lseek(reader, 0, SEEK_CUR), 8);
    CHECK_EQ(lseek(by_path, 0, SEEK_CUR), 0);
    CHECK_EQ(zdtm::take(by_path), "5:from the child");
    CHECK_EQ(zdtm::take(zdtm::receive_message(sockets[1]).fds.at(0)), "1:far");
    CHECK_SYS(mq_unlink(name.c_str()));
    zdtm::pass();
}
