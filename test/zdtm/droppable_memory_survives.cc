// Memory that the kernel may empty at any time (MAP_DROPPABLE, Linux 6.11) is such memory again,
// and empty: what was in it, keys of random numbers mostly, is in no image. A child has it, too.
#include "memory.h"

namespace {

constexpr int kDroppable = 0x08;  // MAP_DROPPABLE
constexpr int kReadWrite = PROT_READ | PROT_WRITE;
constexpr size_t kSize = 4 * zdtm::kPage;

void expect_droppable(const char* memory) {
    CHECK(zdtm::has_vm_flag(memory, "dp"));
    CHECK(zdtm::has_vm_flag(memory, "wf"));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    void* mapped = mmap(nullptr, kSize, kReadWrite, kDroppable | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        zdtm::skip("this kernel has no droppable memory");
    }
    auto* shared = zdtm::Shared::make();
    auto* memory = static_cast<char*>(mapped);
    char* beside = zdtm::map_anon(kSize);
    zdtm::fill(beside, kSize, 1);
    const pid_t child = zdtm::fork_child([&] {
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        expect_droppable(memory);
        zdtm::fill(memory, kSize, 3);
        CHECK(zdtm::holds(memory, kSize, 3));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    zdtm::fill(memory, kSize, 2);

    zdtm::checkpoint_here();

    expect_droppable(memory);
    CHECK(zdtm::holds(beside, kSize, 1));
    CHECK(zdtm::holds(memory, kSize, 2) || std::string(memory, kSize) == std::string(kSize, '\0'));
    zdtm::fill(memory, kSize, 4);
    CHECK(zdtm::holds(memory, kSize, 4));
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
