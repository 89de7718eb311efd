// One process with a thread in each of seven system calls that wait without an end: all go on
// waiting, and each ends by what it waits for, none with EINTR.
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/wait.h>

#include <array>
#include <functional>

#include "signals.h"
#include "threads.h"

namespace {

int ends[2];
int event_fd;
int futex_word;
pid_t child;
std::atomic<int> done;

void poll_pipe() {
    pollfd watched = {ends[0], POLLIN, 0};
    CHECK_EQ(syscall(SYS_poll, &watched, 1, -1), 1);
}

void select_pipe() {
    fd_set reading;
    FD_ZERO(&reading);
    FD_SET(ends[0], &reading);
    CHECK_EQ(syscall(SYS_select, ends[0] + 1, &reading, nullptr, nullptr, nullptr), 1);
}

void epoll_pipe() {
    const int fd = CHECK_SYS(epoll_create1(0));
    epoll_event event = {};
    event.events = EPOLLIN;
    CHECK_SYS(epoll_ctl(fd, EPOLL_CTL_ADD, ends[0], &event));
    CHECK_EQ(syscall(SYS_epoll_pwait, fd, &event, 1, -1, nullptr, 8), 1);
}

void read_event() {
    uint64_t value = 0;
    CHECK_EQ(read(event_fd, &value, 8), 8);
    CHECK_EQ(value, 99);
}

void wait_futex() {
    CHECK_SYS(syscall(SYS_futex, &futex_word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0));
}

void wait_child() {
    CHECK_EQ(syscall(SYS_wait4, child, nullptr, 0, nullptr), child);
}

void wait_signal() {
    const uint64_t set = zdtm::bit(SIGUSR1);
    CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, nullptr, nullptr, 8), SIGUSR1);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({SIGUSR1});
    auto* shared = zdtm::Shared::make();
    CHECK_SYS(pipe(ends));
    event_fd = CHECK_SYS(eventfd(0, 0));
    child = zdtm::fork_child([&] { zdtm::wait_until([&] { return shared->go == 1; }, 600); });
    const std::array<std::function<void()>, 7> waits = {
        poll_pipe, select_pipe, epoll_pipe, read_event, wait_futex, wait_child, wait_signal,
    };
    std::array<std::atomic<pid_t>, waits.size()> tids = {};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < waits.size(); i++) {
        threads.emplace_back([&, i] {
            tids[i] = zdtm::thread_id();
            waits[i]();
            done++;
        });
        zdtm::wait_until([&] { return tids[i] != 0 && zdtm::thread_state(tids[i]) == 'S'; });
    }

    zdtm::checkpoint_here();

    zdtm::sleep_ms(30);
    CHECK_EQ(done, 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    const uint64_t value = 99;
    CHECK_EQ(write(event_fd, &value, 8), 8);
    futex_word = 1;
    CHECK_EQ(syscall(SYS_futex, &futex_word, FUTEX_WAKE_PRIVATE, 9, nullptr, nullptr, 0), 1);
    shared->go = 1;
    CHECK_SYS(kill(getpid(), SIGUSR1));
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK_EQ(done.load(), waits.size());
    zdtm::pass();
}
