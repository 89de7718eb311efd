// One eventfd in parent and child is one counter: the child sleeps in a read until the parent
// writes. A second eventfd of the same value is another object.
#include <sys/eventfd.h>

#include <cstdint>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int shared = CHECK_SYS(eventfd(0, 0));
    const int answer = CHECK_SYS(eventfd(0, 0));
    const pid_t child = zdtm::fork_child([=] {
        uint64_t got = 0;
        CHECK_EQ(read(shared, &got, 8), 8);
        CHECK_EQ(got, 0x2'0000'0001u);
        got++;
        CHECK_EQ(write(answer, &got, 8), 8);
    });
    zdtm::wait_in_syscall(child, SYS_read);

    zdtm::checkpoint_here();

    const uint64_t value = 0x2'0000'0001;
    CHECK_EQ(write(shared, &value, 8), 8);
    uint64_t got = 0;
    CHECK_EQ(read(answer, &got, 8), 8);
    CHECK_EQ(got, 0x2'0000'0002u);
    zdtm::expect_exit(child);
    zdtm::pass();
}
