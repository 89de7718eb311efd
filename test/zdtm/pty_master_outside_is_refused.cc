// A slave whose master is outside of the tree would be half a terminal. The test itself is outside:
// its child, a session of its own, is what is dumped, but by way of the root both are; so the
// master goes to a process that leaves the tree.
#include <sys/prctl.h>

#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int master = zdtm::open_master();
    const int slave = zdtm::open_slave(master);
    auto* shared = zdtm::Shared::make();
    // The parent between dies: the holder goes to whoever takes orphans, above the root.
    const pid_t between = zdtm::fork_child([&] {
        zdtm::fork_child([&] {
            CHECK_SYS(close(slave));
            shared->ready = 1;
            zdtm::wait_until([&] { return shared->go != 0; });
        });
    });
    zdtm::expect_exit(between);
    zdtm::wait_until([&] { return shared->ready != 0; });
    CHECK_SYS(close(master));

    zdtm::checkpoint_here();

    zdtm::type(slave, "still there");
    shared->go = 1;
    zdtm::pass();
}
