// A signal is sent to a process that job control has stopped inside a system call. When it is
// continued after the restore, the call ends as signal(7) says: with EINTR after a handler without
// SA_RESTART, not at all after one with it where the call may be restarted.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vector>

#include "zdtm.h"

namespace {

volatile sig_atomic_t handled = 0;

struct Case {
    int flags;        // of the handler
    bool (*waits)();  // whether the call ended as it must
};

int pipe_ends[2];

bool ended(long result) {
    return result == -1 && errno == EINTR && handled == 1;
}

bool in_pause() {
    return ended(pause());
}

bool in_read() {
    char byte = 0;
    return ended(read(pipe_ends[0], &byte, 1));
}

bool in_read_to_the_end() {
    char byte = 0;
    return read(pipe_ends[0], &byte, 1) == 1 && byte == 'r' && handled == 1;
}

bool in_nanosleep() {
    timespec time{1000, 0};
    return ended(nanosleep(&time, nullptr));
}

bool in_poll() {
    return ended(poll(nullptr, 0, -1));
}

bool in_epoll_wait() {
    epoll_event event{};
    return ended(epoll_wait(epoll_create1(0), &event, 1, -1));
}

bool in_sigtimedwait() {
    sigset_t none;
    sigemptyset(&none);
    timespec time{1000, 0};
    return ended(sigtimedwait(&none, nullptr, &time));
}

const Case kCases[] = {
    {0, in_pause},      {SA_RESTART, in_pause},           {0, in_read},
    {0, in_poll},       {SA_RESTART, in_read_to_the_end}, {0, in_nanosleep},
    {0, in_epoll_wait}, {SA_RESTART, in_nanosleep},       {0, in_sigtimedwait},
};

pid_t start(const Case& test) {
    return zdtm::fork_child([&] {
        struct sigaction action {};
        action.sa_handler = [](int) { handled = handled + 1; };
        action.sa_flags = test.flags;
        CHECK_SYS(sigaction(SIGUSR1, &action, nullptr));
        _exit(test.waits() ? 0 : 1);
    });
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(pipe(pipe_ends));
    std::vector<pid_t> children;
    for (const Case& test : kCases)
        children.push_back(start(test));
    for (pid_t child : children) {
        zdtm::wait_until([&] { return zdtm::thread_state(child) == 'S'; });
        zdtm::sleep_ms(20);
        int status = 0;
        CHECK_SYS(kill(child, SIGSTOP));
        CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
        CHECK_SYS(kill(child, SIGUSR1));
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < children.size(); i++) {
        CHECK_SYS(kill(children[i], SIGCONT));
        if (kCases[i].waits == in_read_to_the_end) {
            zdtm::sleep_ms(50);
            CHECK_EQ(write(pipe_ends[1], "r", 1), 1);
        }
        int status = 0;
        CHECK_EQ(waitpid(children[i], &status, 0), children[i]);
        CHECK_EQ(status, 0);
    }
    zdtm::pass();
}
