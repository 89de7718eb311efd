// Shared anonymous memory of a parent and its child is still one memory afterwards, also where the
// child has moved its mapping and given a part of it back.
#include <sys/mman.h>

#include "memory.h"

namespace {

constexpr size_t kSize = 16 * zdtm::kPage;

void child_part(zdtm::Shared* shared, char* memory) {
    CHECK_SYS(munmap(memory, 4 * zdtm::kPage));
    const size_t rest = kSize - 4 * zdtm::kPage;
    void* place = zdtm::map_anon(kSize);
    auto* moved = static_cast<char*>(CHECK_SYS(
        mremap(memory + 4 * zdtm::kPage, rest, rest, MREMAP_MAYMOVE | MREMAP_FIXED, place)));
    shared->ready = 1;
    zdtm::wait_until([&] { return shared->go == 1; }, 600);
    CHECK(zdtm::holds(moved, zdtm::kPage, 20));
    zdtm::fill(moved + zdtm::kPage, zdtm::kPage, 21);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    char* memory = zdtm::map_anon(kSize, MAP_SHARED);
    zdtm::fill(memory, kSize, 1);
    const pid_t child = zdtm::fork_child([&] { child_part(shared, memory); });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, kSize, 1));
    zdtm::fill(memory + 4 * zdtm::kPage, zdtm::kPage, 20);
    shared->go = 1;
    zdtm::expect_exit(child);
    CHECK(zdtm::holds(memory + 5 * zdtm::kPage, zdtm::kPage, 21));
    zdtm::pass();
}
