// Private anonymous memory keeps its content, byte for byte, in a parent and in a child that have
// different bytes at the same addresses.
#include "memory.h"

namespace {

constexpr size_t kSize = 300 * zdtm::kPage;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    char* memory = zdtm::map_anon(kSize);
    zdtm::fill(memory, kSize, 1);
    const pid_t child = zdtm::fork_child([&] {
        zdtm::fill(memory + kSize / 2, kSize / 2, 2);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK(zdtm::holds(memory, kSize / 2, 1));
        CHECK(zdtm::holds(memory + kSize / 2, kSize / 2, 2));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, kSize, 1));
    zdtm::fill(memory, kSize, 3);
    CHECK(zdtm::holds(memory, kSize, 3));
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
