// A thread that is stopped inside a restartable sequence never just goes on in it: the kernel's
// promise (abort on every preemption, move or signal) holds across dump and restore as well.
#include <sched.h>
#include <sys/rseq.h>
#include <sys/syscall.h>

#include <algorithm>
#include <thread>

#include "zdtm.h"

extern "C" {
struct Section {
    int go, in;
    uint64_t aborts, commits;
    uint64_t gap, gap_begin, gap_end;  // the longest time between two looks at the clock
    uint64_t wrong_cpu;
};

void rseq_spin(volatile struct rseq* area, volatile Section* section);
}

// Spins inside the section; looks at the time stamp counter, and at the CPU that it names.
asm(R"(
    .data
    .balign 32
rseq_descriptor:
    .long 0, 0
    .quad rseq_start, rseq_end - rseq_start, rseq_abort
    .text
    .globl rseq_spin
rseq_spin:
    lea rseq_descriptor(%rip), %rax
    mov %rax, 8(%rdi)
rseq_start:
    mov 4(%rdi), %r8d
    rdtsc
    shl $32, %rdx
    lea (%rax, %rdx), %r9
    movl $1, 4(%rsi)
1:
    cmpl $0, (%rsi)
    jne 3f
    rdtscp
    and $0xfff, %ecx
    cmp %r8d, %ecx
    jne 4f
    shl $32, %rdx
    or %rdx, %rax
    mov %rax, %r10
    sub %r9, %r10
    cmp 24(%rsi), %r10
    jbe 2f
    mov %r10, 24(%rsi)
    mov %r9, 32(%rsi)
    mov %rax, 40(%rsi)
2:
    mov %rax, %r9
    jmp 1b
3:
    incq 16(%rsi)
rseq_end:
    ret
4:
    incq 48(%rsi)
    ret
    .byte 0x0f, 0xb9, 0x3d
    .long 0x53053053
rseq_abort:
    incq 8(%rsi)
    jmp rseq_spin
)");

namespace {

volatile Section section;
std::atomic<pid_t> spinner_tid;
std::atomic<bool> watch = true;

struct Gap {
    uint64_t begin, end;
};

// The longest time that this thread was away: a dump and a restore stop it with all others.
Gap watch_the_clock() {
    Gap longest = {};
    uint64_t last = __builtin_ia32_rdtsc();
    while (watch) {
        zdtm::sleep_ms(1);
        const uint64_t now = __builtin_ia32_rdtsc();
        if (now - last > longest.end - longest.begin) {
            longest = {last, now};
        }
        last = now;
    }
    return longest;
}

void move_to(unsigned cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    CHECK_SYS(sched_setaffinity(spinner_tid, sizeof(one), &one));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (__rseq_size == 0) {
        zdtm::skip("the C library has registered no rseq area");
    }
    Gap stopped = {};
    std::thread watcher([&] { stopped = watch_the_clock(); });
    std::thread spinner([] {
        spinner_tid = static_cast<pid_t>(syscall(SYS_gettid));
        char* thread = static_cast<char*>(__builtin_thread_pointer());
        rseq_spin(reinterpret_cast<struct rseq*>(thread + __rseq_offset), &section);
    });
    zdtm::wait_until([] { return section.in == 1; });

    zdtm::checkpoint_here();

    watch = false;
    watcher.join();
    // Unaborted through (nearly) all of a stop of 10 ms or more: that must not be.
    const uint64_t begin = std::max(stopped.begin, +section.gap_begin);
    const uint64_t end = std::min(stopped.end, +section.gap_end);
    const uint64_t length = stopped.end - stopped.begin;
    const bool stood_through = begin < end && end - begin > length / 10 * 8;
    CHECK(length < 20'000'000 || !stood_through);
    const uint64_t aborts = section.aborts;
    move_to(0);
    move_to(1);
    move_to(0);
    zdtm::wait_until([&] { return section.aborts > aborts || section.wrong_cpu > 0; });
    CHECK_EQ(section.wrong_cpu, 0);
    section.go = 1;
    spinner.join();
    CHECK_EQ(section.commits, 1);
    CHECK_EQ(section.wrong_cpu, 0);
    zdtm::pass();
}
