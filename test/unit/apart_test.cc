// Work done apart: memory and descriptors are shared, and it outlives the process that waits.
#include "sys/apart.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

using crtool::sys::Apart;

namespace {

using namespace std::chrono_literals;

struct Pipe {
    Pipe() { REQUIRE(pipe2(ends, O_CLOEXEC) == 0); }

    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }

    // Up to the end of file, when nobody has the other end any more.
    std::string rest() {
        close(ends[1]);
        std::string text;
        char byte = 0;
        while (read(ends[0], &byte, 1) == 1)
            text += byte;
        return text;
    }

    int ends[2];
};

// Says that it has begun, and in the end that it has ended when the other process had died.
void work_alone(const Apart& apart, int fd) {
    (void)!write(fd, "begun ", 6);
    for (int i = 0; i < 1000 && !apart.is_alone(); i++)
        std::this_thread::sleep_for(5ms);
    (void)!write(fd, apart.is_alone() ? "ended" : "gave up", apart.is_alone() ? 5 : 7);
}

}  // namespace

TEST_CASE("work apart shares memory and descriptors") {
    std::string text;
    int fd = -1;
    pid_t pid = 0;
    Apart::run([&](const Apart& apart) {
        CHECK_FALSE(apart.is_alone());
        text = std::string(100, 'x');
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        pid = getpid();
    });
    CHECK(text == std::string(100, 'x'));
    CHECK(close(fd) == 0);
    CHECK(pid != getpid());
    CHECK(waitpid(pid, nullptr, 0) == -1);
}

TEST_CASE("what work apart throws is thrown") {
    CHECK_THROWS_WITH(Apart::run([](const Apart&) { throw std::runtime_error("no"); }), "no");
}

TEST_CASE("work apart that is killed is an error") {
    CHECK_THROWS(Apart::run([](const Apart&) { kill(getpid(), SIGKILL); }));
}

TEST_CASE("work apart goes on when who waits for it is killed") {
    Pipe pipe;
    pid_t child = fork();
    if (child == 0) {
        Apart::run([&](const Apart& apart) { work_alone(apart, pipe.ends[1]); });
        _exit(0);
    }
    char byte = 0;
    REQUIRE(read(pipe.ends[0], &byte, 1) == 1);
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    CHECK(pipe.rest() == "egun ended");
}
