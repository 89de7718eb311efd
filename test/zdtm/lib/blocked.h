// A child that sleeps in a system call while the checkpoint is made. The call must go on as if
// nothing had been: no EINTR, no early end, and no lasting beyond what was asked for.
#pragma once

#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstring>

#include "zdtm.h"

namespace zdtm {

constexpr double kAsked = 1.5;  // seconds that a timed call is asked to take
constexpr double kSlack = 3.0;  // seconds that a busy machine may add

constexpr timespec kAskedSpec = {1, 500'000'000};

// For calls without an end of their own: the body runs in the child and makes the call, which
// must end when release(child) is done, and must not before.
template <typename Body, typename Release>
void checkpoint_in_endless_call(long number, Body body, Release release) {
    const pid_t child = fork_child(body);
    wait_in_syscall(child, number);

    checkpoint_here();

    sleep_ms(30);
    CHECK_EQ(waitpid(child, nullptr, WNOHANG), 0);
    CHECK_EQ(thread_state(child), 'S');
    release(child);
    expect_exit(child);
}

// For calls that end after kAsked seconds. Where nothing tells a restore how much of the time has
// passed, it may give the whole of it again; so the end is counted from the restore.
template <typename Body>
void checkpoint_in_timed_call(long number, Body body) {
    auto* shared = Shared::make();
    const double start = now();
    const pid_t child = fork_child([&] {
        const double begin = now();
        body();
        CHECK(now() - begin > kAsked - 0.01);
        shared->ready = 1;
    });
    wait_in_syscall(child, number);

    checkpoint_here();

    const double restored = now();
    expect_exit(child);
    CHECK_EQ(shared->ready, 1);
    CHECK(now() - start > kAsked - 0.01);
    CHECK(now() < restored + kAsked + kSlack);
}

// The same for a call whose end is a point in time: no restore can move it.
template <typename Body>
void checkpoint_in_call_until(long number, Body body) {
    const timespec until = [] {
        timespec time = {};
        clock_gettime(CLOCK_MONOTONIC, &time);
        time.tv_sec += 5;  // after the dump, also on a busy machine
        return time;
    }();
    const double end = static_cast<double>(until.tv_sec) + static_cast<double>(until.tv_nsec) / 1e9;
    const pid_t child = fork_child([&] {
        body(until);
        CHECK(now() >= end);
    });
    wait_in_syscall(child, number);

    checkpoint_here();

    const double restored = now();
    expect_exit(child);
    CHECK(now() < (restored > end ? restored : end) + kSlack);
}

}  // namespace zdtm
