// A parent and its child have keys of their own after a fork: what one allocates, and the kernel's
// key for memory with PROT_EXEC alone, is not the other's. Pages under a key are still shared.
#include "protection_keys.h"

namespace {

constexpr size_t kPages = 8;

void check_shared(char* memory, int key) {
    CHECK_EQ(zdtm::key_of(memory), key);
    CHECK(zdtm::holds(memory, kPages * zdtm::kPage, 1));
}

void child_part(zdtm::Shared* shared, char* memory, char* code, int key) {
    char* own = zdtm::page_under(CHECK_SYS(pkey_alloc(0, 0)), 2);
    const int own_key = zdtm::key_of(own);
    CHECK_SYS(mprotect(code, zdtm::kPage, PROT_EXEC));
    const int code_key = zdtm::key_of(code);
    const std::vector<int> before = zdtm::free_keys();
    shared->slot[0] = own_key;
    shared->slot[1] = code_key;
    shared->ready++;
    zdtm::wait_until([&] { return shared->go == 1; });
    check_shared(memory, key);
    CHECK_EQ(zdtm::key_of(own), own_key);
    CHECK_EQ(zdtm::key_of(code), code_key);
    CHECK(zdtm::holds(own, zdtm::kPage, 2));
    CHECK(zdtm::free_keys() == before);
    for (size_t i = 0; i < kPages; i++)
        shared->slot[i + 2] = static_cast<int64_t>(zdtm::page_frame(memory + i * zdtm::kPage));
    shared->ready++;
    zdtm::wait_until([&] { return shared->go == 2; });
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    char* memory = zdtm::map_anon(kPages * zdtm::kPage);
    char* code = zdtm::map_anon(zdtm::kPage);
    zdtm::fill(memory, kPages * zdtm::kPage, 1);
    zdtm::fill(code, zdtm::kPage, 3);
    const int key = CHECK_SYS(pkey_alloc(0, PKEY_DISABLE_WRITE));
    CHECK_SYS(pkey_mprotect(memory, kPages * zdtm::kPage, PROT_READ | PROT_WRITE, key));
    const pid_t child = zdtm::fork_child([&] { child_part(shared, memory, code, key); });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_SYS(mprotect(code, zdtm::kPage, PROT_EXEC));
    const int code_key = zdtm::key_of(code);
    CHECK_EQ(shared->slot[0].load(), code_key);
    CHECK_EQ(shared->slot[1].load(), code_key + 1);
    const std::vector<int> before = zdtm::free_keys();

    zdtm::checkpoint_here();

    shared->go = 1;
    zdtm::wait_until([&] { return shared->ready == 2; });
    check_shared(memory, key);
    CHECK_EQ(zdtm::key_of(code), code_key);
    CHECK(zdtm::free_keys() == before);
    for (size_t i = 0; i < kPages; i++)
        CHECK_EQ(shared->slot[i + 2].load(),
                 static_cast<int64_t>(zdtm::page_frame(memory + i * zdtm::kPage)));
    shared->go = 2;
    zdtm::expect_exit(child);
    zdtm::pass();
}
