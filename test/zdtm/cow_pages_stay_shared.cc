// Memory that a parent and its children share copy-on-write is still the same page frames after a
// restore, except for pages that were written on either side; writing then breaks it for one only.
#include "memory.h"

namespace {

constexpr size_t kPages = 64;
constexpr size_t kChildWrote = 5;
constexpr size_t kParentWrote = 9;

char* page_of(char* memory, size_t page) {
    return memory + page * zdtm::kPage;
}

void child_part(zdtm::Shared* shared, char* memory) {
    zdtm::fill(page_of(memory, kChildWrote), zdtm::kPage, 2);
    shared->ready++;
    zdtm::wait_until([&] { return shared->go >= 1; }, 600);
    for (size_t i = 0; i < kPages; i++) {
        shared->slot[i] = static_cast<int64_t>(zdtm::page_frame(page_of(memory, i)));
    }
    shared->ready++;
    zdtm::wait_until([&] { return shared->go == 2; }, 600);
    CHECK(zdtm::holds(page_of(memory, 0), zdtm::kPage, 0));
    CHECK(zdtm::holds(page_of(memory, kParentWrote), zdtm::kPage, kParentWrote));
    CHECK(zdtm::holds(page_of(memory, kChildWrote), zdtm::kPage, 2));
    memory[20 * zdtm::kPage] = 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    char* memory = zdtm::map_anon(kPages * zdtm::kPage);
    CHECK_SYS(madvise(memory, kPages * zdtm::kPage, MADV_NOHUGEPAGE));
    for (size_t i = 0; i < kPages; i++) {
        zdtm::fill(page_of(memory, i), zdtm::kPage, static_cast<unsigned>(i));
    }
    const pid_t child = zdtm::fork_child([&] { child_part(shared, memory); });
    zdtm::wait_until([&] { return shared->ready == 1; });
    zdtm::fill(page_of(memory, kParentWrote), zdtm::kPage, 3);

    zdtm::checkpoint_here();

    shared->go = 1;
    zdtm::wait_until([&] { return shared->ready == 2; });
    for (size_t i = 0; i < kPages; i++) {
        const bool same =
            zdtm::page_frame(page_of(memory, i)) == static_cast<uint64_t>(shared->slot[i].load());
        CHECK_EQ(same, i != kChildWrote && i != kParentWrote);
    }
    zdtm::fill(page_of(memory, 0), zdtm::kPage, 77);
    shared->go = 2;
    zdtm::expect_exit(child);
    CHECK(zdtm::holds(page_of(memory, kChildWrote), zdtm::kPage, kChildWrote));
    CHECK(zdtm::holds(page_of(memory, kParentWrote), zdtm::kPage, 3));
    CHECK(zdtm::holds(page_of(memory, 20), zdtm::kPage, 20));
    zdtm::pass();
}
