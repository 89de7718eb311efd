// Memory under a protection key stays under it, and each thread keeps its own rights to the key,
// in its register and in what the kernel checks.
#include <sys/syscall.h>

#include "memory.h"
#include "threads.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 2 * zdtm::kPage;
    char* memory = zdtm::map_anon(size);
    zdtm::fill(memory, size, 1);
    const int unused = CHECK_SYS(pkey_alloc(0, 0));
    const int key = CHECK_SYS(pkey_alloc(0, 0));
    CHECK_SYS(pkey_free(unused));
    CHECK_SYS(pkey_mprotect(memory, size, PROT_READ | PROT_WRITE, key));
    zdtm::checkpoint_with_threads(
        3,
        [&](int i) {
            CHECK_SYS(pkey_set(key, i == 1   ? PKEY_DISABLE_ACCESS
                                    : i == 2 ? PKEY_DISABLE_WRITE
                                             : 0));
        },
        [&](int i) {
            CHECK_EQ(pkey_get(key), i == 1 ? PKEY_DISABLE_ACCESS : i == 2 ? PKEY_DISABLE_WRITE : 0);
            // Faults are told to one thread at a time by the library's single jump buffer.
            static std::atomic<int> turn = 0;
            zdtm::wait_until([&] { return turn == i; });
            CHECK_EQ(zdtm::fault_of(memory, false), i == 1 ? SIGSEGV : 0);
            CHECK_EQ(zdtm::fault_of(memory, true), i == 0 ? 0 : SIGSEGV);
            turn++;
        });
    CHECK_EQ(zdtm::field(zdtm::smaps_of(memory), "ProtectionKey"), std::to_string(key));
    CHECK(zdtm::holds(memory, size, 1));
    CHECK_EQ(pkey_alloc(0, 0), unused);
    zdtm::pass();
}
