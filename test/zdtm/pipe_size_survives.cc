// Pipes that were made larger or smaller keep their size, with more data inside than a new pipe
// could take.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int large[2];
    int small[2];
    CHECK_SYS(pipe2(large, O_NONBLOCK));
    CHECK_SYS(pipe2(small, O_NONBLOCK));
    CHECK_EQ(fcntl(large[1], F_SETPIPE_SZ, 1 << 20), 1 << 20);
    CHECK_EQ(fcntl(small[1], F_SETPIPE_SZ, 4'096), 4'096);
    std::string content(300'000, '\0');
    for (size_t i = 0; i < content.size(); i++) {
        content[i] = static_cast<char>(i / 999);
    }
    CHECK_EQ(write(large[1], content.data(), content.size()), content.size());

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(large[0], F_GETPIPE_SZ), 1 << 20);
    CHECK_EQ(fcntl(small[0], F_GETPIPE_SZ), 4'096);
    std::string got(content.size(), '\0');
    for (size_t have = 0; have < got.size();) {
        have += CHECK_SYS(read(large[0], got.data() + have, got.size() - have));
    }
    CHECK(got == content);
    CHECK_EQ(write(small[1], content.data(), 4'096), 4'096);
    CHECK(write(small[1], "x", 1) == -1 && errno == EAGAIN);
    zdtm::pass();
}
