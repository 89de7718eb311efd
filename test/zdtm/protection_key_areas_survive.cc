// Memory under protection keys keeps content and key, also what its thread may not read or write at
// the time of the dump; the rights are as they were.
#include "protection_keys.h"

namespace {

constexpr unsigned kRights[] = {PKEY_DISABLE_ACCESS, PKEY_DISABLE_WRITE, 0};
constexpr int kProtections[] = {PROT_READ | PROT_WRITE, PROT_READ, PROT_NONE};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::vector<int> keys;
    std::vector<char*> pages;
    for (const unsigned rights : kRights) {
        keys.push_back(CHECK_SYS(pkey_alloc(0, 0)));
        for (const int protection : kProtections)
            pages.push_back(
                zdtm::page_under(keys.back(), static_cast<unsigned>(pages.size()), protection));
        CHECK_SYS(pkey_set(keys.back(), rights));
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < pages.size(); i++) {
        const int key = keys[i / 3];
        const unsigned rights = kRights[i / 3];
        CHECK_EQ(zdtm::key_of(pages[i]), key);
        CHECK_EQ(pkey_get(key), rights);
        CHECK_EQ(zdtm::is_readable(pages[i]), i % 3 != 2 && rights != PKEY_DISABLE_ACCESS);
    }
    for (size_t i = 0; i < pages.size(); i++) {
        CHECK_SYS(pkey_set(keys[i / 3], 0));
        CHECK_SYS(mprotect(pages[i], zdtm::kPage, PROT_READ));
        CHECK(zdtm::holds(pages[i], zdtm::kPage, static_cast<unsigned>(i)));
        CHECK_EQ(zdtm::key_of(pages[i]), keys[i / 3]);
    }
    zdtm::pass();
}
