// Files made by O_TMPFILE, which never had a name, keep content, offset, mode and flags, beside a
// second open of the same file; one of them gets its first name only now.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

namespace {

void check_nameless(int fd, off_t size, off_t offset) {
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0u);
    CHECK_EQ(st.st_size, size);
    CHECK_EQ(st.st_mode & 07777, 0640u);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), offset);
}

std::string first(int fd, size_t size) {
    char buffer[16] = {};
    CHECK_EQ(pread(fd, buffer, size, 0), size);
    return buffer;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = open(".", O_TMPFILE | O_RDWR | O_NONBLOCK, 0640);
    if (fd == -1) {
        zdtm::skip("this file system makes no files without a name");
    }
    const int reader = CHECK_SYS(open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY));
    const int log = CHECK_SYS(open(".", O_TMPFILE | O_WRONLY | O_APPEND, 0640));
    const int dup_fd = CHECK_SYS(dup(log));
    CHECK_EQ(write(fd, "nameless", 8), 8);
    CHECK_EQ(write(log, "log", 3), 3);
    const int flags = fcntl(fd, F_GETFL);
    const int log_flags = fcntl(log, F_GETFL);
    CHECK_EQ(flags & O_TMPFILE, O_TMPFILE);

    zdtm::checkpoint_here();

    check_nameless(fd, 8, 8);
    check_nameless(log, 3, 3);
    CHECK_EQ(fcntl(fd, F_GETFL), flags);
    CHECK_EQ(fcntl(log, F_GETFL), log_flags);
    CHECK_EQ(fcntl(reader, F_GETFL) & O_TMPFILE, 0);
    CHECK_EQ(first(fd, 8), std::string("nameless"));
    CHECK_EQ(pwrite(fd, "N", 1, 0), 1);
    CHECK_EQ(first(reader, 8), std::string("Nameless"));
    CHECK_EQ(write(dup_fd, "ged", 3), 3);
    check_nameless(log, 6, 6);
    CHECK_SYS(linkat(AT_FDCWD, ("/proc/self/fd/" + std::to_string(log)).c_str(), AT_FDCWD, "named",
                     AT_SYMLINK_FOLLOW));
    CHECK_EQ(zdtm::read_file("named"), std::string("logged"));
    zdtm::pass();
}
