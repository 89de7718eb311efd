// A shared file mapping is still the file: what one task writes through it is seen by the child
// that has mapped another part, and by read.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const size_t size = 4 * zdtm::kPage;
    const int fd = CHECK_SYS(open(zdtm::path("file").c_str(), O_RDWR | O_CREAT, 0600));
    CHECK_SYS(ftruncate(fd, static_cast<off_t>(size)));
    const int protection = PROT_READ | PROT_WRITE;
    char* memory =
        static_cast<char*>(CHECK_SYS(mmap(nullptr, size, protection, MAP_SHARED, fd, 0)));
    zdtm::fill(memory, size, 1);
    const pid_t child = zdtm::fork_child([&] {
        void* raw = mmap(nullptr, zdtm::kPage, PROT_READ, MAP_SHARED, fd, 2 * zdtm::kPage);
        const void* view = CHECK_SYS(raw);
        CHECK(zdtm::is_zero(view, zdtm::kPage) == false);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK(zdtm::holds(view, zdtm::kPage, 2));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, size, 1));
    zdtm::fill(memory + 2 * zdtm::kPage, zdtm::kPage, 2);
    char buffer[zdtm::kPage];
    CHECK_EQ(pread(fd, buffer, sizeof(buffer), 2 * zdtm::kPage), zdtm::kPage);
    CHECK(zdtm::holds(buffer, sizeof(buffer), 2));
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
