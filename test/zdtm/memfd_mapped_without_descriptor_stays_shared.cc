// A memfd whose descriptor was closed lives on in the mappings of a parent and a child, one of
// them private: content is kept, the shared ones stay one memory, the private one keeps its own.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const size_t size = 4 * zdtm::kPage;
    const int protection = PROT_READ | PROT_WRITE;
    const int fd = CHECK_SYS(memfd_create("gone", MFD_CLOEXEC));
    CHECK_SYS(ftruncate(fd, static_cast<off_t>(size)));
    char* common =
        static_cast<char*>(CHECK_SYS(mmap(nullptr, size, protection, MAP_SHARED, fd, 0)));
    char* own = static_cast<char*>(CHECK_SYS(mmap(nullptr, size, protection, MAP_PRIVATE, fd, 0)));
    CHECK_SYS(close(fd));
    zdtm::fill(common, size, 1);
    zdtm::fill(own, zdtm::kPage, 2);
    const pid_t child = zdtm::fork_child([&] {
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK(zdtm::holds(common + zdtm::kPage, zdtm::kPage, 3));
        CHECK(zdtm::holds(own, zdtm::kPage, 2));
        zdtm::fill(common, zdtm::kPage, 4);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(common, size, 1));
    CHECK(zdtm::holds(own, zdtm::kPage, 2));
    zdtm::fill(common + zdtm::kPage, zdtm::kPage, 3);
    CHECK(zdtm::holds(own + zdtm::kPage, zdtm::kPage, 3));
    shared->go = 1;
    zdtm::expect_exit(child);
    CHECK(zdtm::holds(common, zdtm::kPage, 4));
    CHECK(zdtm::holds(own, zdtm::kPage, 2));
    zdtm::pass();
}
