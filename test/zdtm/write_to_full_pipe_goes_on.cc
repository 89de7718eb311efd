// A write to a full pipe waits on, and everything arrives once and in order when it is read.
#include <fcntl.h>

#include <vector>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    const auto size = static_cast<size_t>(CHECK_SYS(fcntl(ends[1], F_GETPIPE_SZ)));
    const std::vector<char> filling(size, 'f');
    CHECK_EQ(write(ends[1], filling.data(), size), size);
    zdtm::checkpoint_in_endless_call(
        SYS_write, [&] { CHECK_EQ(write(ends[1], "behind", 6), 6); },
        [&](pid_t) {
            std::vector<char> buffer(size);
            CHECK_EQ(read(ends[0], buffer.data(), size), size);
            CHECK(buffer == filling);
            CHECK_EQ(read(ends[0], buffer.data(), size), 6);
            CHECK_EQ(std::string(buffer.data(), 6), "behind");
        });
    zdtm::pass();
}
