// A pipe to somebody outside of the tree, named external, is given to the restore: it is the same
// open file in all tasks and under all numbers, and unblocking as before.
#include "family.h"
#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2] = {};
    CHECK_SYS(pipe(ends));
    CHECK_SYS(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    const zdtm::Outsider outsider(zdtm::hold);
    outsider.give(ends[1]);
    zdtm::tell_inode("pipe", ends[1]);
    CHECK_SYS(close(ends[0]));
    const int other = CHECK_SYS(fcntl(ends[1], F_DUPFD_CLOEXEC, 50));
    auto* gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([&] {
        gate->wait();
        CHECK(outsider.shares(ends[1], ends[1]));
        CHECK_EQ(write(ends[1], "child", 5), 5);
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    CHECK(outsider.shares(ends[1], ends[1]));
    CHECK(outsider.shares(other, ends[1]));
    CHECK_EQ(fcntl(other, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(ends[1], F_GETFD), 0);
    CHECK((fcntl(ends[1], F_GETFL) & O_NONBLOCK) != 0);
    gate->open();
    zdtm::expect_exit(child);
    CHECK_EQ(write(other, "root", 4), 4);
    zdtm::pass();
}
