// A file that is mapped and has been deleted keeps its content: two shared mappings of it are still
// one memory, the private one keeps its changed page, and no name appears in the directory.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 5 * zdtm::kPage;
    const int protection = PROT_READ | PROT_WRITE;
    const std::string name = zdtm::path("file");
    const int fd = CHECK_SYS(open(name.c_str(), O_RDWR | O_CREAT, 0600));
    CHECK_SYS(ftruncate(fd, static_cast<off_t>(size)));
    char* one = static_cast<char*>(CHECK_SYS(mmap(nullptr, size, protection, MAP_SHARED, fd, 0)));
    char* two = static_cast<char*>(
        CHECK_SYS(mmap(nullptr, size / 5, protection, MAP_SHARED, fd, 3 * zdtm::kPage)));
    char* own = static_cast<char*>(CHECK_SYS(mmap(nullptr, size, protection, MAP_PRIVATE, fd, 0)));
    zdtm::fill(one, size, 1);
    zdtm::fill(own + zdtm::kPage, zdtm::kPage, 2);
    CHECK_SYS(close(fd));
    CHECK_SYS(unlink(name.c_str()));

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(one, size, 1));
    CHECK(zdtm::holds(own, zdtm::kPage, 1));
    CHECK(zdtm::holds(own + zdtm::kPage, zdtm::kPage, 2));
    zdtm::fill(one + 3 * zdtm::kPage, zdtm::kPage, 3);
    CHECK(zdtm::holds(two, zdtm::kPage, 3));
    CHECK(zdtm::holds(own + 3 * zdtm::kPage, zdtm::kPage, 3));
    CHECK(zdtm::smaps_of(one).find("/file (deleted)") != std::string::npos);
    CHECK_EQ(access(name.c_str(), F_OK), -1);
    zdtm::pass();
}
