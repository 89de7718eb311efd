// An area that asked for huge pages keeps its content, and an aligned area next to it that never
// asked, with one page touched in each 2 MiB, does not become resident as a whole.
#include "memory.h"

namespace {

constexpr size_t kHuge = 2 * 1024 * 1024;
constexpr size_t kCount = 16;

char* map_aligned() {
    const auto raw = reinterpret_cast<uintptr_t>(zdtm::map_anon(kHuge * (kCount + 1)));
    return reinterpret_cast<char*>((raw + kHuge - 1) / kHuge * kHuge);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* huge = map_aligned();
    char* sparse = map_aligned();
    CHECK_SYS(madvise(huge, kHuge * kCount, MADV_HUGEPAGE));
    CHECK_SYS(madvise(sparse, kHuge * kCount, MADV_NOHUGEPAGE));
    zdtm::fill(huge, kHuge * kCount, 1);
    for (size_t i = 0; i < kCount; i++) {
        zdtm::fill(sparse + i * kHuge + zdtm::kPage, zdtm::kPage, static_cast<unsigned>(i));
    }

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::count_present(sparse, kHuge * kCount / zdtm::kPage), kCount);
    CHECK(zdtm::has_vm_flag(huge, "hg"));
    CHECK(zdtm::has_vm_flag(sparse, "nh"));
    CHECK(zdtm::holds(huge, kHuge * kCount, 1));
    for (size_t i = 0; i < kCount; i++) {
        const char* page = sparse + i * kHuge + zdtm::kPage;
        CHECK(zdtm::holds(page, zdtm::kPage, static_cast<unsigned>(i)));
    }
    zdtm::pass();
}
