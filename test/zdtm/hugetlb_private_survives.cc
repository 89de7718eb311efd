// Private memory of huge pages: written pages, untouched ones, one that may not be accessed, and
// those that a child had changed or not are as they were, and still of huge pages.
#include "family.h"
#include "huge.h"

using zdtm::kHuge;

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    char* memory = zdtm::map_huge(4, MAP_PRIVATE);
    zdtm::fill(memory, kHuge, 1);
    zdtm::fill(memory + kHuge + 5 * zdtm::kPage, zdtm::kPage, 2);
    zdtm::fill(memory + 3 * kHuge, kHuge, 3);
    CHECK_SYS(mprotect(memory + 3 * kHuge, kHuge, PROT_NONE));
    const pid_t child = zdtm::fork_child([&] {
        memory[7] = 'c';
        gate->wait();
        CHECK_EQ(memory[7], 'c');
        CHECK(zdtm::holds(memory + kHuge + 5 * zdtm::kPage, zdtm::kPage, 2));
        CHECK(zdtm::is_zero(memory + 2 * kHuge, kHuge));
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    zdtm::check_huge(memory);
    CHECK(zdtm::holds(memory, kHuge, 1));
    CHECK(zdtm::is_zero(memory + kHuge, 5 * zdtm::kPage));
    CHECK(zdtm::holds(memory + kHuge + 5 * zdtm::kPage, zdtm::kPage, 2));
    CHECK(!zdtm::present(memory + 2 * kHuge));
    CHECK_SYS(mprotect(memory + 3 * kHuge, kHuge, PROT_READ));
    CHECK(zdtm::holds(memory + 3 * kHuge, kHuge, 3));
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
