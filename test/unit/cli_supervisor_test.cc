// The two processes of a command: statuses, signals, and the death of either.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "cli/supervisor.h"

using crtool::cli::supervise;
using crtool::cli::wait_for_root;

namespace {

using namespace std::chrono_literals;

// supervise() in a process of its own, since it changes signal handlers; its pid.
pid_t start(const crtool::cli::Job& job, crtool::cli::SupervisorOptions options = {}) {
    pid_t pid = fork();
    if (pid == 0)
        _exit(supervise(job, options, [](const std::string&) {}));
    return pid;
}

int status_of(pid_t pid) {
    int status = 0;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    return status;
}

// A job that says on `fd` that it runs, and then with which letter it was told to stop.
int wait_for_cancel(int fd, const std::atomic<bool>& cancelled) {
    (void)!write(fd, "r", 1);
    for (int i = 0; i < 500 && !cancelled; i++)
        std::this_thread::sleep_for(10ms);
    (void)!write(fd, cancelled ? "c" : "t", 1);
    _exit(cancelled ? 6 : 0);
}

char read_char(int fd) {
    char c = 0;
    return read(fd, &c, 1) == 1 ? c : '\0';
}

struct Pipe {
    Pipe() { REQUIRE(pipe2(ends, O_CLOEXEC) == 0); }

    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }

    int ends[2];
};

}  // namespace

TEST_CASE("the worker's status is the command's") {
    int status = status_of(start([](const std::atomic<bool>&) -> int { _exit(3); }));
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 3));
}

TEST_CASE("a killed worker is 128 + signal") {
    int status = status_of(start([](const std::atomic<bool>&) -> int {
        kill(getpid(), SIGKILL);
        return 0;
    }));
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGKILL));
}

TEST_CASE("signals reach the worker") {
    int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
    bool new_session = GENERATE(false, true);
    Pipe pipe;
    pid_t pid = start([&](const auto& flag) { return wait_for_cancel(pipe.ends[1], flag); },
                      {.new_session = new_session});
    CHECK(read_char(pipe.ends[0]) == 'r');
    kill(pid, signal);
    CHECK(read_char(pipe.ends[0]) == 'c');
    CHECK(WEXITSTATUS(status_of(pid)) == 6);
}

TEST_CASE("the worker winds up when the supervisor is killed") {
    Pipe pipe;
    pid_t pid = start([&](const auto& flag) { return wait_for_cancel(pipe.ends[1], flag); });
    CHECK(read_char(pipe.ends[0]) == 'r');
    kill(pid, SIGKILL);
    CHECK(read_char(pipe.ends[0]) == 'c');
    CHECK(WIFSIGNALED(status_of(pid)));
}

TEST_CASE("in process, the job is the command itself") {
    pid_t parent = getpid();
    int status = status_of(
        start([parent](const std::atomic<bool>&) -> int { _exit(getppid() == parent ? 9 : 1); },
              {.in_process = true}));
    CHECK(WEXITSTATUS(status) == 9);
}

TEST_CASE("the root's status is passed on, and SIGTERM to it") {
    Pipe pipe;
    pid_t pid = start([&](const std::atomic<bool>&) -> int {
        pid_t root = fork();
        if (root == 0) {
            if (signal(SIGTERM, SIG_DFL) == SIG_ERR)
                _exit(1);
            pause();
        }
        (void)!write(pipe.ends[1], "r", 1);
        _exit(wait_for_root(root));
    });
    CHECK(read_char(pipe.ends[0]) == 'r');
    std::this_thread::sleep_for(50ms);
    kill(pid, SIGTERM);
    CHECK(WEXITSTATUS(status_of(pid)) == 128 + SIGTERM);
}
