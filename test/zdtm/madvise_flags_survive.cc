// What madvise has marked on an area stays marked, and nothing else is: the flags that smaps shows
// are the same, area by area.
#include <array>

#include "memory.h"

namespace {

struct Case {
    int advice;
    const char* flag;
};

constexpr std::array<Case, 8> kCases = {{
    {MADV_DONTFORK, "dc"},
    {MADV_DONTDUMP, "dd"},
    {MADV_WIPEONFORK, "wf"},
    {MADV_MERGEABLE, "mg"},
    {MADV_HUGEPAGE, "hg"},
    {MADV_NOHUGEPAGE, "nh"},
    {MADV_SEQUENTIAL, "sr"},
    {MADV_RANDOM, "rr"},
}};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::array<char*, kCases.size()> areas = {};
    std::array<std::string, kCases.size()> before;
    std::array<bool, kCases.size()> offered = {};
    for (size_t i = 0; i < kCases.size(); i++) {
        areas[i] = zdtm::map_anon(4 * zdtm::kPage);
        zdtm::fill(areas[i], 2 * zdtm::kPage, static_cast<unsigned>(i));
        offered[i] = madvise(areas[i], 4 * zdtm::kPage, kCases[i].advice) == 0;
        CHECK_EQ(zdtm::has_vm_flag(areas[i], kCases[i].flag), offered[i]);
    }
    char* undone = zdtm::map_anon(4 * zdtm::kPage);
    CHECK_SYS(madvise(undone, 4 * zdtm::kPage, MADV_WIPEONFORK));
    CHECK_SYS(madvise(undone, 4 * zdtm::kPage, MADV_KEEPONFORK));
    for (size_t i = 0; i < kCases.size(); i++) {
        before[i] = zdtm::field(zdtm::smaps_of(areas[i]), "VmFlags");
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < kCases.size(); i++) {
        CHECK_EQ(zdtm::field(zdtm::smaps_of(areas[i]), "VmFlags"), before[i]);
        CHECK(zdtm::holds(areas[i], 2 * zdtm::kPage, static_cast<unsigned>(i)));
        CHECK_EQ(zdtm::has_vm_flag(areas[i], kCases[i].flag), offered[i]);
    }
    CHECK(!zdtm::has_vm_flag(undone, "wf"));
    zdtm::pass();
}
