// The main stack of a task is still one after a restore: deep recursion makes it grow, it ends up
// at the same top, and the names that maps shows are right.
#include "memory.h"

namespace {

__attribute__((noinline)) size_t descend(size_t depth) {
    volatile char frame[zdtm::kPage];
    frame[0] = static_cast<char>(depth);
    const size_t below = depth == 0 ? 0 : descend(depth - 1);
    return below + (frame[0] == static_cast<char>(depth));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char here[zdtm::kPage];
    zdtm::fill(here, sizeof(here), 1);
    CHECK(zdtm::smaps_of(here).find("[stack]") != std::string::npos);
    CHECK_EQ(descend(50), 51);

    zdtm::checkpoint_here();

    CHECK_EQ(descend(1500), 1501);
    CHECK(zdtm::holds(here, sizeof(here), 1));
    CHECK(zdtm::smaps_of(here).find("[stack]") != std::string::npos);
    CHECK(zdtm::has_vm_flag(here, "gd"));
    zdtm::pass();
}
