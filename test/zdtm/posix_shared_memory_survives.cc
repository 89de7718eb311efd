// POSIX shared memory stays one memory for a parent and a child that mapped it by name, with its
// name and after its name is gone, with the descriptors closed.
#include "memory.h"

namespace {

char* map_by_name(const std::string& name, int flags) {
    const int fd = CHECK_SYS(shm_open(name.c_str(), flags | O_RDWR, 0600));
    CHECK_SYS(ftruncate(fd, 4 * zdtm::kPage));
    const int protection = PROT_READ | PROT_WRITE;
    void* raw = mmap(nullptr, 4 * zdtm::kPage, protection, MAP_SHARED, fd, 0);
    CHECK_SYS(close(fd));
    return static_cast<char*>(CHECK_SYS(raw));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const std::string kept = "/zdtm." + std::to_string(getpid()) + ".kept";
    const std::string gone = "/zdtm." + std::to_string(getpid()) + ".gone";
    char* one = map_by_name(kept, O_CREAT | O_EXCL);
    char* two = map_by_name(gone, O_CREAT | O_EXCL);
    const pid_t child = zdtm::fork_child([&] {
        const char* own_one = map_by_name(kept, 0);
        const char* own_two = map_by_name(gone, 0);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK(zdtm::holds(own_one, zdtm::kPage, 3));
        CHECK(zdtm::holds(own_two, zdtm::kPage, 4));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_SYS(shm_unlink(gone.c_str()));
    zdtm::fill(one, zdtm::kPage, 1);
    zdtm::fill(two, 3 * zdtm::kPage, 2);

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(one, zdtm::kPage, 1));
    CHECK(zdtm::holds(two, 3 * zdtm::kPage, 2));
    CHECK(zdtm::is_zero(two + 3 * zdtm::kPage, zdtm::kPage));
    zdtm::fill(one, zdtm::kPage, 3);
    zdtm::fill(two, zdtm::kPage, 4);
    shared->go = 1;
    zdtm::expect_exit(child);
    CHECK(zdtm::holds(map_by_name(kept, 0), zdtm::kPage, 3));
    CHECK_SYS(shm_unlink(kept.c_str()));
    zdtm::pass();
}
