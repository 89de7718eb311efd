// Regular files keep offset, access mode and status flags, also with an offset beyond the end, and
// reading and writing go on where they were.
#include <fcntl.h>

#include <vector>

#include "zdtm.h"

namespace {

struct Opened {
    int fd;
    off_t offset;
    int flags;
};

Opened open_at(int flags, off_t offset) {
    const int fd = CHECK_SYS(open("data", flags));
    CHECK_SYS(lseek(fd, offset, SEEK_SET));
    return {fd, offset, CHECK_SYS(fcntl(fd, F_GETFL))};
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int writer = CHECK_SYS(open("data", O_CREAT | O_EXCL | O_RDWR, 0640));
    CHECK_EQ(write(writer, "0123456789", 10), 10);
    std::vector<Opened> files = {open_at(O_RDONLY, 3),
                                 open_at(O_RDWR | O_NONBLOCK, 0),
                                 open_at(O_RDWR | O_DSYNC, 10),
                                 open_at(O_WRONLY | O_SYNC, 1),
                                 open_at(O_RDONLY | O_NOATIME, 9),
                                 open_at(O_RDWR | O_NOFOLLOW, 4'000),
                                 open_at(O_RDONLY, off_t{1} << 42)};
    const int direct = open("data", O_RDONLY | O_DIRECT);
    if (direct != -1) {
        files.push_back({direct, 0, CHECK_SYS(fcntl(direct, F_GETFL))});
    }

    zdtm::checkpoint_here();

    for (const Opened& file : files) {
        CHECK_EQ(lseek(file.fd, 0, SEEK_CUR), file.offset);
        CHECK_EQ(fcntl(file.fd, F_GETFL), file.flags);
    }
    char buffer[32] = {};
    CHECK_EQ(read(files[0].fd, buffer, sizeof(buffer)), 7);
    CHECK_EQ(std::string(buffer), std::string("3456789"));
    CHECK_EQ(read(files[6].fd, buffer, sizeof(buffer)), 0);
    CHECK_EQ(write(writer, "ab", 2), 2);
    CHECK_EQ(write(files[3].fd, "-", 1), 1);
    CHECK_EQ(write(files[5].fd, "z", 1), 1);
    const std::string content = zdtm::read_file("data");
    CHECK_EQ(content.size(), 4'001u);
    CHECK_EQ(content.substr(0, 12), std::string("0-23456789ab"));
    CHECK_EQ(content.back(), 'z');
    zdtm::pass();
}
