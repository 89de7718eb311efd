// A slave whose master is outside of the tree would be half a terminal. Here an orphan has the
// master, which has left the tree for whoever takes orphans above the root.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int master = zdtm::open_master();
    const int slave = zdtm::open_slave(master);
    auto* shared = zdtm::Shared::make();
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
