// Memfds that nobody maps keep name, content with its holes, size, offset and seals; a second open
// of one, for reading, has an offset of its own.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "zdtm.h"

namespace {

std::string link_of(int fd) {
    char buffer[256] = {};
    CHECK_SYS(readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), buffer, 255));
    return buffer;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int sealed = CHECK_SYS(memfd_create("some name", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    constexpr off_t kFar = 64 << 20;
    CHECK_EQ(write(sealed, "start", 5), 5);
    CHECK_EQ(pwrite(sealed, "end", 3, kFar), 3);
    CHECK_SYS(fcntl(sealed, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_WRITE));
    const int empty = CHECK_SYS(memfd_create("", 0));
    CHECK_SYS(fchmod(empty, 0640));
    const int reader =
        CHECK_SYS(open(("/proc/self/fd/" + std::to_string(sealed)).c_str(), O_RDONLY));
    CHECK_SYS(lseek(reader, 2, SEEK_SET));
    const int unsealed = CHECK_SYS(memfd_create("open", MFD_ALLOW_SEALING));

    zdtm::checkpoint_here();

    CHECK_EQ(link_of(sealed), std::string("/memfd:some name (deleted)"));
    CHECK_EQ(link_of(empty), std::string("/memfd: (deleted)"));
    CHECK_EQ(fcntl(sealed, F_GET_SEALS), F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_WRITE);
    CHECK_EQ(fcntl(empty, F_GET_SEALS), F_SEAL_SEAL);
    CHECK_EQ(fcntl(unsealed, F_GET_SEALS), 0);
    CHECK_EQ(lseek(sealed, 0, SEEK_CUR), 5);
    struct stat st = {};
    CHECK_SYS(fstat(sealed, &st));
    CHECK_EQ(st.st_size, kFar + 3);
    CHECK(st.st_blocks * 512 < (4 << 20));
    char buffer[8] = {};
    CHECK_EQ(pread(sealed, buffer, 8, kFar), 3);
    CHECK_EQ(std::string(buffer), std::string("end"));
    CHECK(pwrite(sealed, "x", 1, 0) == -1 && errno == EPERM);
    CHECK(ftruncate(sealed, 1) == -1 && errno == EPERM);
    char tail[4] = {};
    CHECK_EQ(read(reader, tail, 3), 3);
    CHECK_EQ(std::string(tail), std::string("art"));
    CHECK_EQ(fcntl(reader, F_GETFL) & O_ACCMODE, O_RDONLY);
    struct stat again = {};
    CHECK_SYS(fstat(reader, &again));
    CHECK_EQ(again.st_ino, st.st_ino);
    CHECK_SYS(fstat(empty, &st));
    CHECK_EQ(st.st_mode & 07777, 0640u);
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(write(unsealed, "more", 4), 4);
    zdtm::pass();
}
