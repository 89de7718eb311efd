// A thread in 32-bit code cannot be carried yet: the dump says so, and leaves its registers alone.
#include <cstring>

#include "family.h"

extern "C" const char in_compat_code[];
extern "C" const char back_in_long_mode[];
extern "C" const char end_of_compat_code[];

// edi: the Shared below. The way back needs no stack; what ebx has becomes the exit status.
asm(R"(
in_compat_code:
    .code32
    movl $1, 4(%edi)
1:  pause
    cmpl $0, (%edi)
    je 1b
    ljmp *8(%edi)
back_in_long_mode:
    .code64
    movl %ebx, %edi
    movl $231, %eax     # exit_group
    syscall
end_of_compat_code:
)");

namespace {

constexpr int kStatus = 42;
constexpr uint64_t kCompatCs = 0x23;  // __USER32_CS of asm/segment.h
constexpr uint16_t kLongCs = 0x33;
constexpr uint32_t kUserDs = 0x2b;

struct Shared {
    std::atomic<uint32_t> leave;
    std::atomic<uint32_t> is_there;
    uint32_t back;
    uint16_t back_segment;
};

[[noreturn]] void run_compat(const char* code, Shared* shared) {
    asm volatile(
        "mov %[status], %%ebx\n"
        "mov %[data], %%ds\n"  // 64-bit code does without
        "push %[segment]\n"
        "push %[code]\n"
        "lretq\n"
        :
        : [status] "i"(kStatus), [data] "r"(kUserDs), [segment] "r"(kCompatCs), [code] "r"(code),
          "D"(shared)
        : "memory", "rbx");
    __builtin_unreachable();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    void* low = CHECK_SYS(mmap(nullptr, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
                               MAP_SHARED | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
    auto* shared = new (low) Shared{};
    auto* code = static_cast<char*>(low) + 4096;
    std::memcpy(code, in_compat_code, static_cast<size_t>(end_of_compat_code - in_compat_code));
    shared->back = static_cast<uint32_t>(
        reinterpret_cast<uintptr_t>(code + (back_in_long_mode - in_compat_code)));
    shared->back_segment = kLongCs;
    const pid_t child = zdtm::fork_child([&] { run_compat(code, shared); });
    zdtm::wait_until([&] { return shared->is_there.load() == 1; });

    zdtm::checkpoint_here();

    shared->leave = 1;
    zdtm::expect_exit(child, kStatus);
    zdtm::pass();
}
