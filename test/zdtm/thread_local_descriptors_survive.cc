// Descriptors of set_thread_area(2) stay with the thread that has them, in their slots, also where
// there is none before them: through a selector it reads what it read before.
#include <asm/ldt.h>
#include <sys/wait.h>

#include <thread>

#include "memory.h"

namespace {

constexpr int kSetThreadArea = 243;  // numbers of 32-bit programs
constexpr int kGetThreadArea = 244;
constexpr unsigned kFirstSlot = 12;
constexpr unsigned kSlots = 3;

// 64-bit programs have no such calls, but the gate of 32-bit ones serves all.
int call(int number, user_desc* low) {
    int result = number;
    asm volatile("int $0x80"
                 : "+a"(result)
                 : "b"(static_cast<unsigned>(reinterpret_cast<uintptr_t>(low)))
                 : "memory", "r8", "r9", "r10", "r11");
    return result;
}

uint16_t selector(unsigned slot) {
    return static_cast<uint16_t>(slot << 3 | 3);
}

uint32_t through_gs(unsigned slot) {
    uint32_t value = 0;
    asm volatile("movw %1, %%gs; movl %%gs:0, %0" : "=r"(value) : "r"(selector(slot)) : "memory");
    return value;
}

uint16_t stored_gs() {
    uint16_t found = 0;
    asm volatile("movw %%gs, %0" : "=r"(found));
    return found;
}

user_desc describe(const char* memory, unsigned slot) {
    user_desc entry = {};
    entry.entry_number = slot;
    entry.base_addr = static_cast<unsigned>(reinterpret_cast<uintptr_t>(memory));
    entry.limit = 0xfff;
    entry.seg_32bit = 1;
    entry.useable = 1;
    return entry;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* low = zdtm::map_anon(3 * zdtm::kPage, MAP_PRIVATE | MAP_32BIT);
    auto* entry = reinterpret_cast<user_desc*>(low);
    entry->entry_number = kFirstSlot;
    // No gate: the kernel has no 32-bit programs, and whoever tries it gets SIGSEGV.
    const pid_t trial = zdtm::fork_child([&] { _exit(call(kGetThreadArea, entry) == 0 ? 0 : 1); });
    int status = 0;
    CHECK_EQ(waitpid(trial, &status, 0), trial);
    if (status != 0) {
        zdtm::skip("this kernel has no calls of 32-bit programs");
    }
    std::atomic<int> step = 0;
    std::thread thread([&] {
        for (unsigned slot : {kFirstSlot + 1, kFirstSlot + 2}) {
            char* memory = low + (slot - kFirstSlot) * zdtm::kPage;
            memcpy(memory, slot == kFirstSlot + 1 ? "\x44\x33\x22\x11" : "\x88\x77\x66\x55", 4);
            *entry = describe(memory, slot);
            CHECK_EQ(call(kSetThreadArea, entry), 0);
        }
        CHECK_EQ(through_gs(kFirstSlot + 2), 0x55667788);
        step = 1;
        while (step != 2) {
        }
        CHECK_EQ(stored_gs(), selector(kFirstSlot + 2));
        CHECK_EQ(through_gs(kFirstSlot + 1), 0x11223344);
        CHECK_EQ(through_gs(kFirstSlot + 2), 0x55667788);
        *entry = {};
        entry->entry_number = kFirstSlot;
        CHECK_EQ(call(kGetThreadArea, entry), 0);
        CHECK_EQ(entry->base_addr, 0u);
    });
    zdtm::wait_until([&] { return step == 1; });

    zdtm::checkpoint_here();

    for (unsigned i = 0; i < kSlots; i++) {
        *entry = {};
        entry->entry_number = kFirstSlot + i;
        CHECK_EQ(call(kGetThreadArea, entry), 0);
        CHECK_EQ(entry->base_addr, 0u);
    }
    step = 2;
    thread.join();
    zdtm::pass();
}
