// One memfd in two tasks is one file with one offset: what one writes the other reads.
#include <sys/mman.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const int fd = CHECK_SYS(memfd_create("shared", 0));
    CHECK_EQ(write(fd, "one", 3), 3);
    const pid_t child = zdtm::fork_child([=] {
        gate->wait();
        CHECK_EQ(write(fd, "two", 3), 3);
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
    char buffer[8] = {};
    CHECK_EQ(pread(fd, buffer, 8, 0), 6);
    CHECK_EQ(std::string(buffer), std::string("onetwo"));
    zdtm::pass();
}
