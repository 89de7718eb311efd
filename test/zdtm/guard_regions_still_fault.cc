// Pages made inaccessible with MADV_GUARD_INSTALL still fault, their neighbours keep their bytes,
// and MADV_GUARD_REMOVE gives them back as zeros. No area is split by them.
#include "memory.h"

namespace {

constexpr int kInstall = 102;  // MADV_GUARD_INSTALL, Linux 6.13
constexpr int kRemove = 103;   // MADV_GUARD_REMOVE

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 16 * zdtm::kPage;
    char* memory = zdtm::map_anon(size);
    zdtm::fill(memory, size, 1);
    const std::string area_size = zdtm::field(zdtm::smaps_of(memory), "Size");
    if (madvise(memory + 4 * zdtm::kPage, 2 * zdtm::kPage, kInstall) != 0) {
        zdtm::skip("this kernel has no guard regions");
    }
    CHECK_SYS(madvise(memory + 15 * zdtm::kPage, zdtm::kPage, kInstall));
    CHECK_EQ(zdtm::fault_of(memory + 4 * zdtm::kPage, false), SIGSEGV);
    CHECK_EQ(zdtm::field(zdtm::smaps_of(memory), "Size"), area_size);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::field(zdtm::smaps_of(memory), "Size"), area_size);
    CHECK_EQ(zdtm::fault_of(memory + 4 * zdtm::kPage, false), SIGSEGV);
    CHECK_EQ(zdtm::fault_of(memory + 6 * zdtm::kPage - 1, true), SIGSEGV);
    CHECK_EQ(zdtm::fault_of(memory + 15 * zdtm::kPage, false), SIGSEGV);
    CHECK(zdtm::holds(memory, 4 * zdtm::kPage, 1));
    for (size_t i = 6 * zdtm::kPage; i < 15 * zdtm::kPage; i++) {
        CHECK_EQ(static_cast<unsigned char>(memory[i]), zdtm::pattern_at(i, 1));
    }
    CHECK_SYS(madvise(memory + 4 * zdtm::kPage, 2 * zdtm::kPage, kRemove));
    CHECK_EQ(zdtm::fault_of(memory + 4 * zdtm::kPage, true), 0);
    CHECK(zdtm::is_zero(memory + 4 * zdtm::kPage, 2 * zdtm::kPage));
    zdtm::pass();
}
