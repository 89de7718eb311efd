// Memory with PROT_EXEC alone keeps the protection key that the kernel has taken for it, between
// keys of the program; such memory without a key stays without.
#include "protection_keys.h"

namespace {

constexpr unsigned char kCode[] = {0xb8, 42, 0, 0, 0, 0xc3};  // mov $42, %eax; ret

char* page_of_code() {
    char* page = zdtm::map_anon(zdtm::kPage);
    memcpy(page, kCode, sizeof(kCode));
    return page;
}

int run(char* code) {
    return reinterpret_cast<int (*)()>(code)();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int first = CHECK_SYS(pkey_alloc(0, 0));
    char* plain = page_of_code();
    CHECK_SYS(pkey_mprotect(plain, zdtm::kPage, PROT_EXEC, 0));
    char* code = page_of_code();
    CHECK_SYS(mprotect(code, zdtm::kPage, PROT_EXEC));
    const int key = zdtm::key_of(code);
    CHECK_EQ(key, first + 1);
    CHECK_EQ(pkey_alloc(0, 0), key + 1);
    CHECK_SYS(pkey_free(first));
    const std::vector<int> before = zdtm::free_keys();
    // Looking for free keys has left the rights to them; those to the kernel's key are untouched.
    CHECK_EQ(pkey_get(key), PKEY_DISABLE_ACCESS);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::key_of(code), key);
    CHECK_EQ(zdtm::key_of(plain), 0);
    CHECK(!zdtm::is_readable(code));
    CHECK(zdtm::is_readable(plain));
    CHECK_EQ(run(code), 42);
    CHECK_EQ(run(plain), 42);
    CHECK(zdtm::free_keys() == before);
    char* more = page_of_code();
    CHECK_SYS(mprotect(more, zdtm::kPage, PROT_EXEC));
    CHECK_EQ(zdtm::key_of(more), key);
    CHECK_SYS(mprotect(code, zdtm::kPage, PROT_READ | PROT_EXEC));
    CHECK_EQ(zdtm::key_of(code), 0);
    zdtm::pass();
}
