// pidfds of threads that are not the first of their process: of the task's own thread, under
// several numbers, in a child, watched by an epoll and in the queue of a socket; of a child's
// thread, and of a thread that has ended. Signals still reach exactly that thread, and its end is
// still an event.
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>

#include <thread>

#include "family.h"
#include "pidfd.h"
#include "threads.h"
#include "unix.h"

using zdtm::events_of;
using zdtm::is_readable;
using zdtm::kOfThread;
using zdtm::open_pidfd;

namespace {

zdtm::Shared*
    shared;  // slot 0: of the own thread, slot 1: of the child's, slot 2: who had a signal

void note_who(int) {
    shared->slot[2] = gettid();
}

void wait_at(zdtm::Gate* gate, int slot) {
    shared->slot[slot] = gettid();
    gate->wait();
}

// The interesting thread is neither the first nor the last of its process.
void live_in_child(zdtm::Gate* gate, int of_parent) {
    std::thread thread(wait_at, gate, 1);
    std::thread last([=] { gate->wait(); });
    zdtm::wait_until([=] { return is_readable(of_parent); });
    thread.join();
    last.join();
}

std::string fdinfo_of(int fd) {
    return zdtm::read_file("/proc/self/fdinfo/" + std::to_string(fd));
}

void check_signal_reaches(int fd, int slot) {
    shared->slot[2] = 0;
    CHECK_SYS(zdtm::signal_by(fd, SIGUSR1));
    zdtm::wait_until([] { return shared->slot[2] != 0; });
    CHECK_EQ(shared->slot[2], shared->slot[slot]);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    shared = zdtm::Shared::make();
    struct sigaction action = {};
    action.sa_handler = note_who;
    action.sa_flags = SA_RESTART;
    CHECK_SYS(sigaction(SIGUSR1, &action, nullptr));
    zdtm::Gate* own_gate = zdtm::Gate::make();
    zdtm::Gate* child_gate = zdtm::Gate::make();
    std::thread thread(wait_at, own_gate, 0);
    own_gate->expect(1);
    const auto tid = static_cast<pid_t>(shared->slot[0]);
    const int living = open_pidfd(tid, kOfThread | O_NONBLOCK);
    CHECK_SYS(fcntl(living, F_SETFD, 0));
    const int copy = CHECK_SYS(fcntl(living, F_DUPFD_CLOEXEC, 50));
    const pid_t child = zdtm::fork_child([=] { live_in_child(child_gate, copy); });
    child_gate->expect(2);
    const int of_child = open_pidfd(static_cast<pid_t>(shared->slot[1]), kOfThread);
    int dead = -1;
    std::thread([&] { dead = open_pidfd(gettid(), kOfThread | O_NONBLOCK); }).join();
    zdtm::wait_until([&] { return (events_of(dead) & POLLHUP) != 0; });

    const int epoll = CHECK_SYS(epoll_create1(0));
    epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = 0x123456789abcdef}};
    CHECK_SYS(epoll_ctl(epoll, EPOLL_CTL_ADD, living, &event));
    int ends[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    const int sent = open_pidfd(tid, kOfThread);
    zdtm::send_fds(ends[0], "a thread", {sent});
    close(sent);

    zdtm::checkpoint_here();

    for (const int fd : {living, copy}) {
        CHECK(!is_readable(fd));
        CHECK_EQ(zdtm::field(fdinfo_of(fd), "Pid"), std::to_string(tid));
        CHECK_EQ(fcntl(fd, F_GETFL) & (O_NONBLOCK | O_EXCL), O_NONBLOCK | O_EXCL);
    }
    CHECK_EQ(fcntl(living, F_GETFD), 0);
    CHECK_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
    CHECK_SYS(fcntl(copy, F_SETFL, 0));
    CHECK_EQ(fcntl(living, F_GETFL) & O_NONBLOCK, 0);
    CHECK(!is_readable(of_child));
    CHECK_EQ(events_of(dead), POLLIN | POLLHUP);
    CHECK_EQ(zdtm::field(fdinfo_of(dead), "Pid"), "-1");
    CHECK_EQ(fcntl(dead, F_GETFL) & (O_NONBLOCK | O_EXCL), O_NONBLOCK | O_EXCL);
    CHECK_EQ(zdtm::signal_by(dead, 0), -1);
    CHECK_EQ(errno, ESRCH);
    const zdtm::Message message = zdtm::receive_message(ends[1]);
    CHECK_EQ(message.text, "a thread");
    CHECK_EQ(message.fds.size(), 1U);
    check_signal_reaches(living, 0);
    check_signal_reaches(message.fds[0], 0);
    check_signal_reaches(of_child, 1);
    epoll_event got = {};
    CHECK_EQ(epoll_wait(epoll, &got, 1, 0), 0);

    child_gate->open();
    zdtm::wait_until([=] { return is_readable(of_child); });
    CHECK(!is_readable(living));
    own_gate->open();
    thread.join();
    zdtm::wait_until([=] { return is_readable(living); });
    CHECK_EQ(epoll_wait(epoll, &got, 1, 0), 1);
    CHECK_EQ(got.data.u64, event.data.u64);
    CHECK(is_readable(message.fds[0]));
    zdtm::expect_exit(child);
    zdtm::pass();
}
