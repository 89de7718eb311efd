// After mlockall(MCL_FUTURE) a task locks what it maps later, also when that is after a restore;
// what it had mapped before stays unlocked. A child that said MCL_ONFAULT keeps that, too.
#include "memory.h"

namespace {

void map_and_look(bool on_fault) {
    char* later = zdtm::map_anon(8 * zdtm::kPage);
    CHECK(zdtm::has_vm_flag(later, "lo"));
    CHECK_EQ(zdtm::locks_on_fault(later), on_fault);
    CHECK_EQ(zdtm::count_present(later, 8), on_fault ? 0 : 8);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    char* earlier = zdtm::map_anon(8 * zdtm::kPage);
    earlier[0] = 'e';
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(mlockall(MCL_FUTURE | MCL_ONFAULT));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        map_and_look(true);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_SYS(mlockall(MCL_FUTURE));
    map_and_look(false);

    zdtm::checkpoint_here();

    map_and_look(false);
    CHECK(!zdtm::has_vm_flag(earlier, "lo"));
    CHECK_EQ(zdtm::count_present(earlier, 8), 1);
    CHECK_SYS(munlockall());
    char* free_again = zdtm::map_anon(8 * zdtm::kPage);
    CHECK(!zdtm::has_vm_flag(free_again, "lo"));
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
