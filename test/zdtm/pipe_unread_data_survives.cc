// Data in a pipe that nobody has read yet is read once, in order, and new data comes after it.
#include <sys/ioctl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int fds[2];
    CHECK_SYS(pipe(fds));
    std::string wanted;
    for (int i = 0; i < 20'000; i++) {
        wanted.push_back(static_cast<char>(i * 7 + i / 256));
    }
    CHECK_EQ(write(fds[1], wanted.data(), wanted.size()), wanted.size());
    // A first part is gone before the checkpoint.
    std::string got(wanted.size() + 10, '\0');
    CHECK_EQ(read(fds[0], got.data(), 5'001), 5'001);

    zdtm::checkpoint_here();

    int unread = 0;
    CHECK_SYS(ioctl(fds[0], FIONREAD, &unread));
    CHECK_EQ(unread, 14'999);
    CHECK_EQ(write(fds[1], "tail", 4), 4);
    size_t have = 5'001;
    while (have < wanted.size() + 4) {
        have += CHECK_SYS(read(fds[0], got.data() + have, 3'000));
    }
    got.resize(have);
    CHECK(got == wanted + "tail");
    CHECK_SYS(ioctl(fds[0], FIONREAD, &unread));
    CHECK_EQ(unread, 0);
    zdtm::pass();
}
