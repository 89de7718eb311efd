// Each thread keeps its own rights to protection keys (PKRU), also one that runs in user space.
#include "threads.h"

namespace {

// By instruction, as the C library's pkey_get sees one key at a time.
__attribute__((target("pku"))) unsigned rights() {
    return __builtin_ia32_rdpkru();
}

__attribute__((target("pku"))) void set_rights(unsigned value) {
    __builtin_ia32_wrpkru(value);
}

constexpr unsigned kRights[] = {0x55555554, 0xaaaaaaa8, 0x0000ff00};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const unsigned own = rights();
    std::atomic<int> step = 0;
    std::thread spinner([&] {
        set_rights(0x12345678 & ~3U);
        step = 1;
        while (step == 1) {
        }
        CHECK_EQ(rights(), 0x12345678 & ~3U);
    });
    zdtm::wait_until([&] { return step == 1; });
    zdtm::checkpoint_with_threads(
        3, [](int i) { set_rights(kRights[i]); }, [](int i) { CHECK_EQ(rights(), kRights[i]); });
    step = 2;
    spinner.join();
    CHECK_EQ(rights(), own);
    zdtm::pass();
}
