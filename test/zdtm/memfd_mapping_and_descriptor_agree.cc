// A memfd that is mapped and open stays one object with its content, its size and its seals: the
// mapping and the descriptor show each other's writes, and a sealed size cannot change.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 6 * zdtm::kPage;
    const int fd = CHECK_SYS(memfd_create("some name", MFD_ALLOW_SEALING));
    CHECK_SYS(ftruncate(fd, static_cast<off_t>(size)));
    const int protection = PROT_READ | PROT_WRITE;
    char* memory =
        static_cast<char*>(CHECK_SYS(mmap(nullptr, size, protection, MAP_SHARED, fd, 0)));
    zdtm::fill(memory, size - zdtm::kPage, 1);
    const int seals = F_SEAL_GROW | F_SEAL_SHRINK;
    CHECK_SYS(fcntl(fd, F_ADD_SEALS, seals));
    CHECK_EQ(lseek(fd, 77, SEEK_SET), 77);

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, size - zdtm::kPage, 1));
    CHECK(zdtm::is_zero(memory + size - zdtm::kPage, zdtm::kPage));
    CHECK_EQ(fcntl(fd, F_GET_SEALS), seals);
    CHECK_EQ(ftruncate(fd, 0), -1);
    CHECK_EQ(errno, EPERM);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 77);
    CHECK_EQ(lseek(fd, 0, SEEK_END), size);
    CHECK_EQ(pwrite(fd, "new", 3, 10), 3);
    CHECK(memcmp(memory + 10, "new", 3) == 0);
    memory[20] = 'Z';
    char byte = 0;
    CHECK_EQ(pread(fd, &byte, 1, 20), 1);
    CHECK_EQ(byte, 'Z');
    CHECK_SYS(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    zdtm::pass();
}
