// Open files without any name left keep content, holes, offset and mode, shared by two descriptors
// of one open file and by a second open through /proc; a name that was taken anew is left alone.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    constexpr off_t kFar = 300'000;
    const int fd = CHECK_SYS(open("gone", O_CREAT | O_EXCL | O_RDWR, 0640));
    CHECK_EQ(write(fd, "content", 7), 7);
    CHECK_EQ(pwrite(fd, "end", 3, kFar), 3);
    const int dup_fd = CHECK_SYS(dup(fd));
    const int reader = CHECK_SYS(open("gone", O_RDONLY));
    CHECK_SYS(unlink("gone"));
    const int usurper = CHECK_SYS(open("gone", O_CREAT | O_EXCL | O_WRONLY, 0600));
    CHECK_EQ(write(usurper, "new", 3), 3);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_file("gone"), std::string("new"));
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0u);
    CHECK_EQ(st.st_size, kFar + 3);
    CHECK_EQ(st.st_mode & 07777, 0640u);
    CHECK(st.st_blocks * 512 < kFar);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 7);
    CHECK_EQ(lseek(dup_fd, 1, SEEK_SET), 1);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 1);
    char buffer[8] = {};
    CHECK_EQ(read(reader, buffer, 7), 7);
    CHECK_EQ(std::string(buffer), std::string("content"));
    CHECK_EQ(pwrite(fd, "CON", 3, 0), 3);
    CHECK_EQ(pread(reader, buffer, 7, 0), 7);
    CHECK_EQ(std::string(buffer), std::string("CONtent"));
    CHECK_EQ(pread(reader, buffer, 7, kFar), 3);
    zdtm::pass();
}
