// A named FIFO: both ends in different tasks, one open for both directions, and unread data.
#include "fifo.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    CHECK_SYS(mkfifo("fifo", 0600));
    CHECK_SYS(mkfifo("own", 0600));
    const int own = CHECK_SYS(open("own", O_RDWR));
    CHECK_EQ(write(own, "kept", 4), 4);
    const pid_t child = zdtm::fork_reader(gate, "fifo", "unread");
    const int writer = CHECK_SYS(open("fifo", O_WRONLY));
    CHECK_EQ(write(writer, "unread", 6), 6);
    gate->expect(1);

    zdtm::checkpoint_here();

    zdtm::expect_read(own, "kept");
    CHECK_SYS(close(writer));
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
