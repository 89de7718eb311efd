// A named FIFO: both ends in different tasks, one open for both directions, and unread data.
#include <fcntl.h>
#include <sys/stat.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    CHECK_SYS(mkfifo("fifo", 0600));
    CHECK_SYS(mkfifo("own", 0600));
    const int own = CHECK_SYS(open("own", O_RDWR));
    CHECK_EQ(write(own, "kept", 4), 4);
    const pid_t child = zdtm::fork_child([=] {
        const int reader = CHECK_SYS(open("fifo", O_RDONLY));
        gate->wait();
        char buffer[16] = {};
        CHECK_EQ(read(reader, buffer, sizeof(buffer)), 6);
        CHECK_EQ(std::string(buffer), std::string("unread"));
        CHECK_EQ(read(reader, buffer, sizeof(buffer)), 0);
    });
    const int writer = CHECK_SYS(open("fifo", O_WRONLY));
    CHECK_EQ(write(writer, "unread", 6), 6);
    gate->expect(1);

    zdtm::checkpoint_here();

    char buffer[16] = {};
    CHECK_EQ(read(own, buffer, sizeof(buffer)), 4);
    CHECK_EQ(std::string(buffer), std::string("kept"));
    CHECK_SYS(close(writer));
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
