// Entries of the local descriptor table stay, and a thread whose gs holds a selector of it reads
// through it what it read before.
#include <asm/ldt.h>
#include <sys/syscall.h>

#include <thread>

#include "memory.h"

namespace {

constexpr unsigned kEntry = 5;
constexpr uint16_t kSelector = kEntry << 3 | 7;  // local table, privilege level 3

uint32_t through_gs() {
    uint32_t value = 0;
    asm volatile("movl %%gs:0, %0" : "=r"(value) : : "memory");
    return value;
}

void load_gs(uint16_t selector) {
    asm volatile("movw %0, %%gs" : : "r"(selector) : "memory");
}

uint16_t stored_gs() {
    uint16_t selector = 0;
    asm volatile("movw %%gs, %0" : "=r"(selector));
    return selector;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* low = zdtm::map_anon(zdtm::kPage, MAP_PRIVATE | MAP_32BIT);
    user_desc entry = {};
    entry.entry_number = kEntry;
    entry.base_addr = static_cast<unsigned>(reinterpret_cast<uintptr_t>(low));
    entry.limit = 0xfff;
    entry.seg_32bit = 1;
    entry.useable = 1;
    if (syscall(SYS_modify_ldt, 0x11, &entry, sizeof(entry)) != 0) {
        zdtm::skip("this kernel has no local descriptor tables");
    }
    memcpy(low, "\x44\x33\x22\x11", 4);
    std::atomic<int> step = 0;
    std::thread thread([&] {
        load_gs(kSelector);
        step = 1;
        while (step != 2) {
        }
        CHECK_EQ(stored_gs(), kSelector);
        CHECK_EQ(through_gs(), 0x11223344);
    });
    zdtm::wait_until([&] { return step == 1; });
    unsigned char before[8 * 8] = {};
    const long size = CHECK_SYS(syscall(SYS_modify_ldt, 0, before, sizeof(before)));

    zdtm::checkpoint_here();

    unsigned char after[8 * 8] = {};
    CHECK_EQ(syscall(SYS_modify_ldt, 0, after, sizeof(after)), size);
    CHECK(memcmp(before, after, sizeof(before)) == 0);
    step = 2;
    thread.join();
    zdtm::pass();
}
