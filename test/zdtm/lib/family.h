// What the tests of process trees share: a gate where tasks wait without a descriptor, the ids of
// a task, and children made by the raw clone(2). Every wait here is without a time limit, since a
// tree may be stopped for as long as a checkpoint takes.
#pragma once

#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <climits>

#include "zdtm.h"

namespace zdtm {

// Made by the root before it forks; lives in a page that the whole tree shares.
class Gate {
  public:
    static Gate* make() {
        return new (CHECK_SYS(mmap(nullptr, sizeof(Gate), PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0))) Gate;
    }

    // Counts the caller as settled and sleeps until the gate is open.
    void wait() {
        arrive();
        while (open_.load() == 0) {
            sleep_on(open_, 0);
        }
    }

    void arrive() {
        arrived_.fetch_add(1);
        wake(arrived_);
    }

    // Returns once this many tasks are settled.
    void expect(int tasks) {
        for (int seen = arrived_.load(); seen < tasks; seen = arrived_.load()) {
            sleep_on(arrived_, seen);
        }
    }

    void open() {
        open_.store(1);
        wake(open_);
    }

  private:
    static void sleep_on(std::atomic<int>& word, int value) {
        if (syscall(SYS_futex, &word, FUTEX_WAIT, value, nullptr, nullptr, 0) == -1) {
            CHECK_EQ(errno, EAGAIN);
        }
    }

    static void wake(std::atomic<int>& word) {
        syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
    }

    std::atomic<int> arrived_ = 0;
    std::atomic<int> open_ = 0;
};

struct Ids {
    pid_t pid = getpid();
    pid_t tid = gettid();
    pid_t parent = getppid();
    pid_t group = getpgrp();
    pid_t session = getsid(0);

    void check_unchanged() const {
        const Ids now;
        CHECK_EQ(now.pid, pid);
        CHECK_EQ(now.tid, tid);
        CHECK_EQ(now.parent, parent);
        CHECK_EQ(now.group, group);
        CHECK_EQ(now.session, session);
    }
};

// Waits at the gate; a task that comes back as somebody else fails.
inline void stay_the_same(Gate* gate) {
    const Ids before;
    gate->wait();
    before.check_unchanged();
}

// Like fork_child, with the clone flags and exit signal given; not for CLONE_VM, which needs a
// stack of its own.
template <typename Body>
pid_t clone_child(unsigned long flags, Body&& body) {
    const long pid = CHECK_SYS(syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
    if (pid == 0) {
        body();
        _exit(0);
    }
    return static_cast<pid_t>(pid);
}

// Returns once the child is dead; it stays a zombie.
inline siginfo_t wait_zombie(pid_t pid) {
    siginfo_t info = {};
    CHECK_SYS(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | __WALL));
    return info;
}

// Ends a child that would not end by itself, and reaps it.
inline void kill_and_reap(pid_t pid) {
    CHECK_SYS(kill(pid, SIGKILL));
    CHECK_EQ(waitpid(pid, nullptr, __WALL), pid);
}

// Waits for children that the caller did not make itself, in whatever order they end.
inline void expect_exits(int children) {
    for (int i = 0; i < children; i++) {
        int status = -1;
        CHECK_SYS(waitpid(-1, &status, __WALL));
        CHECK_EQ(status, 0);
    }
}

}  // namespace zdtm
