// pidfds, children and descriptors that travel.
#include "sys/pidfd.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <compare>
#include <stdexcept>

#include "base/error.h"
#include "sys/child.h"
#include "sys/kcmp.h"
#include "sys/scm_rights.h"
#include "sys/signal_block.h"

using namespace crtool::sys;

namespace {

int sleep_on() {
    for (;;)
        ::pause();
}

ino_t inode_of(int fd) {
    struct stat info {};

    REQUIRE(::fstat(fd, &info) == 0);
    return info.st_ino;
}

}  // namespace

TEST_CASE("child: exit codes, exceptions and signals") {
    int status = ChildProcess::spawn([] { return 42; }).wait();
    CHECK(WEXITSTATUS(status) == 42);
    status = ChildProcess::spawn([]() -> int { throw std::runtime_error("x"); }).wait();
    CHECK(WEXITSTATUS(status) == 70);
    ChildProcess child = ChildProcess::spawn(sleep_on);
    CHECK(child.running());
    CHECK(child.try_wait() == std::nullopt);
    child.send_signal(SIGUSR2);  // Catch handles SIGTERM itself
    CHECK(WTERMSIG(child.wait()) == SIGUSR2);
    CHECK_FALSE(child.running());
}

TEST_CASE("child: killed and reaped with its owner, unless released") {
    pid_t killed = ChildProcess::spawn(sleep_on).pid();
    CHECK(::kill(killed, 0) == -1);
    pid_t kept = ChildProcess::spawn(sleep_on).release();
    CHECK(::kill(kept, 0) == 0);
    ChildProcess again(kept);
    ChildProcess moved = std::move(again);
    CHECK(moved.pid() == kept);
}

TEST_CASE("pidfd: waiting for the end of a task") {
    ChildProcess child = ChildProcess::spawn(sleep_on);
    PidFd pidfd(child.pid());
    CHECK_FALSE(pidfd.wait_readable(0));
    CHECK(pidfd.send_signal(0));
    CHECK(pidfd.send_signal(SIGKILL));
    CHECK(pidfd.wait_readable(10'000));
    pid_t pid = child.pid();
    child.wait();
    CHECK_FALSE(pidfd.send_signal(0));
    CHECK_FALSE(PidFd::try_open(pid).has_value());
    CHECK_THROWS_AS(PidFd(pid), crtool::Error);
}

TEST_CASE("pidfd: taking a descriptor of another task") {
    UniqueFd event(::eventfd(0, EFD_CLOEXEC));
    ChildProcess child = ChildProcess::spawn(sleep_on);
    PidFd pidfd(child.pid());
    UniqueFd taken = pidfd.take_fd(event.get());
    CHECK(std::is_eq(kcmp_file(::getpid(), event.get(), ::getpid(), taken.get())));
    CHECK(pidfd.try_take_fd(9999) == std::nullopt);
    CHECK_THROWS_AS(pidfd.take_fd(9999), crtool::Error);
}

TEST_CASE("kcmp: a fork shares open files and nothing else") {
    ChildProcess child = ChildProcess::spawn(sleep_on);
    pid_t self = ::getpid();
    CHECK(std::is_eq(kcmp(self, self, KcmpKind::memory)));
    for (KcmpKind kind :
         {KcmpKind::memory, KcmpKind::files, KcmpKind::fs, KcmpKind::signal_handlers})
        CHECK(std::is_neq(kcmp(self, child.pid(), kind)));
    CHECK(std::is_eq(kcmp_file(self, STDERR_FILENO, child.pid(), STDERR_FILENO)));
    UniqueFd one(::eventfd(0, EFD_CLOEXEC));
    UniqueFd two(::eventfd(0, EFD_CLOEXEC));
    bool less = kcmp_file(self, one.get(), self, two.get()) < 0;
    CHECK((kcmp_file(self, two.get(), self, one.get()) > 0) == less);
    CHECK_THROWS_AS(kcmp_file(self, 9999, self, 0), crtool::Error);
    CHECK(same_file(self, STDERR_FILENO, child.pid(), STDERR_FILENO));
    CHECK_FALSE(same_file(self, one.get(), self, two.get()));
    CHECK_FALSE(same_file(self, 9999, self, 0));
}

TEST_CASE("scm_rights: more descriptors than fit one message") {
    UnixPair pair = unix_pair(SOCK_SEQPACKET);
    std::vector<UniqueFd> sent;
    std::vector<int> numbers(300);
    for (int& number : numbers)
        number = sent.emplace_back(memfd("scm")).get();
    send_fds(pair.first.get(), numbers);
    std::vector<UniqueFd> received = receive_fds(pair.second.get(), numbers.size());
    REQUIRE(received.size() == numbers.size());
    CHECK(inode_of(received.front().get()) == inode_of(numbers.front()));
    CHECK(inode_of(received[253].get()) == inode_of(numbers[253]));
    CHECK(inode_of(received.back().get()) == inode_of(numbers.back()));
    send_fds(pair.first.get(), {});
    CHECK(receive_fds(pair.second.get(), 0).empty());
}

TEST_CASE("scm_rights: a sender that hangs up or sends something else") {
    UnixPair pair = unix_pair(SOCK_STREAM);
    write_all(pair.first.get(), "x");
    CHECK_THROWS_WITH(receive_fds(pair.second.get(), 1), Catch::Contains("no descriptors"));
    pair.first.reset();
    CHECK_THROWS_WITH(receive_fds(pair.second.get(), 1), Catch::Contains("hung up"));
}

TEST_CASE("signal_block: blocks, and delivers afterwards") {
    static volatile sig_atomic_t seen = 0;
    auto old = ::signal(SIGUSR1, [](int) { seen = 1; });
    {
        SignalBlock block({SIGUSR1});
        CHECK(::sigismember(&block.previous(), SIGUSR1) == 0);
        CHECK(::raise(SIGUSR1) == 0);
        CHECK(seen == 0);
    }
    CHECK(seen == 1);
    {
        SignalBlock all;
        sigset_t now;
        ::pthread_sigmask(SIG_SETMASK, nullptr, &now);
        CHECK(::sigismember(&now, SIGINT) == 1);
    }
    CHECK(::signal(SIGUSR1, old) != SIG_ERR);
}
