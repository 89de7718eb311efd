// An eventfd with EFD_SEMAPHORE gives one per read, one without gives all.
#include <sys/eventfd.h>

#include <cstdint>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int semaphore = CHECK_SYS(eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK));
    const int plain = CHECK_SYS(eventfd(3, EFD_NONBLOCK));
    const int drained = CHECK_SYS(eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK));

    zdtm::checkpoint_here();

    uint64_t got = 0;
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(read(semaphore, &got, 8), 8);
        CHECK_EQ(got, 1u);
    }
    CHECK(read(semaphore, &got, 8) == -1 && errno == EAGAIN);
    CHECK_EQ(read(plain, &got, 8), 8);
    CHECK_EQ(got, 3u);
    CHECK(read(drained, &got, 8) == -1 && errno == EAGAIN);
    const uint64_t two = 2;
    CHECK_EQ(write(drained, &two, 8), 8);
    CHECK_EQ(read(drained, &got, 8), 8);
    CHECK_EQ(got, 1u);
    zdtm::pass();
}
