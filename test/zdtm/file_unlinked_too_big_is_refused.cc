// A deleted file larger than --ghost-limit (1 MiB) is not stored: the dump is refused.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(open("big", O_CREAT | O_EXCL | O_RDWR, 0600));
    const std::string piece(1 << 20, 'b');
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(write(fd, piece.data(), piece.size()), piece.size());
    }
    CHECK_SYS(unlink("big"));

    zdtm::checkpoint_here();

    CHECK_EQ(lseek(fd, 0, SEEK_END), 3 << 20);
    zdtm::pass();
}
