// Stopping a tree whose tasks come and go meanwhile.
#include "tracee/frozen_tree.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "sys/child.h"

using namespace crtool;

namespace {

// Children end at once, and as nobody wants to hear of it they leave no zombies.
int fork_on() {
    if (std::signal(SIGCHLD, SIG_IGN) == SIG_ERR)
        ::_exit(1);
    for (;;)
        if (::fork() == 0)
            ::_exit(0);
}

}  // namespace

TEST_CASE("a tree whose tasks end without a trace is stopped") {
    sys::ChildProcess root = sys::ChildProcess::spawn(fork_on);
    std::atomic<bool> cancelled = false;
    for (int round = 0; round < 200; round++) {
        tracee::FrozenTree tree(root.pid(), std::chrono::seconds(60), cancelled);
        CHECK(tree.tasks().front().pid == root.pid());
        for (const tracee::FrozenTask& task : tree.tasks())
            CHECK(task.proc.exists());
        tree.thaw();
    }
}
