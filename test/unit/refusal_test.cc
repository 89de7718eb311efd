// What cannot be the root of a tree, or be traced, and the reasons told.
#include "tracee/refusal.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "base/error.h"

using namespace crtool;
using Catch::Matchers::Contains;

TEST_CASE("refusal: a number that no process has") {
    CHECK_THROWS_WITH(tracee::open_root(0x3fffffff), Contains("there is no process 1073741823"));
}

TEST_CASE("refusal: the number of a thread is told from that of its process") {
    std::promise<pid_t> tid;
    std::promise<void> over;
    std::thread thread([&] {
        tid.set_value(static_cast<pid_t>(::syscall(SYS_gettid)));
        over.get_future().wait();
    });
    pid_t number = tid.get_future().get();
    CHECK_THROWS_WITH(tracee::open_root(number),
                      Contains("is a thread of process " + std::to_string(::getpid())));
    over.set_value();
    thread.join();
    CHECK(tracee::open_root(::getpid()).pid() == ::getpid());
}

TEST_CASE("refusal: crtool cannot trace itself, nor the kernel") {
    CHECK_THROWS_WITH(tracee::explain_refusal(sys::ProcDir(::getpid())),
                      Contains("crtool itself") && Contains("is part of the tree"));
    constexpr pid_t kKthreadd = 2;
    if (auto kernel = sys::ProcDir::try_open(kKthreadd))
        if (kernel->read("comm") == "kthreadd\n")
            CHECK_THROWS_WITH(tracee::explain_refusal(*kernel),
                              Contains("task 2 is a thread of the kernel"));
}
