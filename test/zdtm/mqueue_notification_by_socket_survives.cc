// What the kernel sends of POSIX message queues by netlink sockets (SIGEV_THREAD of mq_notify(2))
// is what it was asked for, by the sockets that it was asked for.
#include <linux/netlink.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "queues.h"

namespace {

constexpr size_t kBytes = 32;
constexpr char kWokenUp = 1;  // of linux/mqueue.h, which does not go together with libc's mqueue.h
constexpr char kRemoved = 2;

int make_socket(int protocol) {
    return CHECK_SYS(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
}

int ask(mqd_t queue, int socket, std::string cookie) {
    cookie.resize(kBytes);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_signo = socket;
    event.sigev_value.sival_ptr = cookie.data();
    return static_cast<int>(syscall(SYS_mq_notify, queue, &event));
}

void expect_cookie(int socket, std::string cookie, char word) {
    cookie.resize(kBytes);
    cookie.back() = word;
    char text[100];
    const ssize_t size = CHECK_SYS(recv(socket, text, sizeof text, MSG_DONTWAIT));
    CHECK_EQ(std::string(text, static_cast<size_t>(size)), cookie);
    CHECK(recv(socket, text, sizeof text, MSG_DONTWAIT) == -1 && errno == EAGAIN);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t queues[] = {
        zdtm::make_unlinked_queue(1, 2, 100), zdtm::make_unlinked_queue(2, 2, 100),
        zdtm::make_unlinked_queue(3, 2, 100), zdtm::make_unlinked_queue(4, 2, 100)};
    const int idle = make_socket(NETLINK_ROUTE);
    const int one = make_socket(NETLINK_ROUTE);
    const int other = make_socket(NETLINK_KOBJECT_UEVENT);
    const int copy = CHECK_SYS(dup(one));
    const std::string binary(kBytes, '\xf7');
    CHECK_SYS(ask(queues[0], one, "first"));
    CHECK_SYS(ask(queues[1], other, binary));
    CHECK_SYS(ask(queues[2], copy, "third"));
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(ask(queues[3], one, "of the child"));
        zdtm::wait_until([&] { return zdtm::queue_attributes(queues[3]).mq_curmsgs == 1; });
    });
    zdtm::wait_until(
        [&] { return zdtm::queue_status(queues[3]).find("NOTIFY:2") != std::string::npos; });

    zdtm::checkpoint_here();

    for (const mqd_t queue : queues) {
        CHECK(ask(queue, one, "") == -1 && errno == EBUSY);
    }
    zdtm::put(queues[0], 1, "hello");
    expect_cookie(one, "first", kWokenUp);
    zdtm::put(queues[1], 1, "hello");
    expect_cookie(other, binary, kWokenUp);
    CHECK_SYS(syscall(SYS_mq_notify, queues[2], nullptr));
    expect_cookie(copy, "third", kRemoved);
    zdtm::put(queues[3], 1, "hello");
    expect_cookie(one, "of the child", kWokenUp);
    zdtm::expect_exit(child);
    char byte = 0;
    CHECK(recv(idle, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    zdtm::pass();
}
