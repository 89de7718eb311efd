// The same protection keys are allocated and free after a restore, also one that was freed while
// memory still has it, and the default one.
#include "protection_keys.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::vector<int> all = zdtm::free_keys();
    CHECK(all.size() > 6);
    for (int i = 0; i < 6; i++)
        CHECK_EQ(pkey_alloc(0, 0), all[static_cast<size_t>(i)]);
    char* page = zdtm::page_under(all[3], 1);
    char* shared = zdtm::map_anon(zdtm::kPage, MAP_SHARED);
    zdtm::fill(shared, zdtm::kPage, 2);
    CHECK_SYS(pkey_mprotect(shared, zdtm::kPage, PROT_READ | PROT_WRITE, all[5]));
    for (const size_t freed : {1, 3})
        CHECK_SYS(pkey_free(all[freed]));
    CHECK_SYS(pkey_free(0));
    const std::vector<int> before = zdtm::free_keys();
    CHECK_EQ(before[0], 0);

    zdtm::checkpoint_here();

    CHECK(zdtm::free_keys() == before);
    CHECK_EQ(zdtm::key_of(page), all[3]);
    CHECK_EQ(zdtm::key_of(shared), all[5]);
    CHECK_SYS(pkey_set(all[3], 0));
    CHECK(zdtm::holds(page, zdtm::kPage, 1));
    CHECK(zdtm::holds(shared, zdtm::kPage, 2));
    zdtm::pass();
}
