// A visit in a dumped task: run a script, tell the host, sleep until the next word.
//
// Sleeping is done in calls that leave the restart block of the thread alone (recvfrom, ppoll,
// futex without a timeout: kernel/signal restarts them by their registers), because the thread may
// itself have been stopped in a nanosleep or poll whose restart block the kernel will need when
// crtool has left.
//
// The leader takes one byte from the control socket per further script. End of file means that
// crtool is gone; it tells the threads, which would see the same as a hang-up. Then the visit ends
// itself: descriptors closed, registers and mask back through the prepared signal frame. To take
// the arena away as well, a copy of the frame is put on the thread's own stack, and the last call
// is made by an instruction that is not in the arena.
#include "arch/x86_64/raw_syscall.h"
#include "arch/x86_64/sigframe_layout.h"
#include "parasite/blob/blob.h"

namespace crtool::blob {
namespace {

using namespace parasite;

constexpr uint64_t kSysClose = 3;
constexpr uint64_t kSysMunmap = 11;
constexpr uint64_t kSysRecvfrom = 45;
constexpr uint64_t kSysTime = 201;
constexpr uint64_t kSysFutex = 202;
constexpr uint64_t kSysPpoll = 271;
constexpr uint64_t kFutexWait = 0;
constexpr uint64_t kFutexWake = 1;
constexpr uint64_t kEverybody = 0x7fffffff;
constexpr uint32_t kOwnerDied = 0x40000000;  // FUTEX_OWNER_DIED

// How often, a millisecond apart, the first thread looks whether the others have left.
constexpr int kPatience = 2000;

struct PollFd {
    int fd;
    short events, revents;
};

void tell_host(Script* script) {
    __atomic_store_n(&script->state, kDone, __ATOMIC_SEQ_CST);
    arch::raw_syscall(kSysFutex, reinterpret_cast<uint64_t>(&script->state), kFutexWake, 1);
}

// False: crtool is gone.
bool next_word(const Visit* visit) {
    char byte = 0;
    int64_t got = arch::raw_syscall(kSysRecvfrom, static_cast<uint64_t>(visit->control_fd),
                                    reinterpret_cast<uint64_t>(&byte), 1);
    return got == 1;
}

// One waiter is woken by the kernel, and wakes the others.
void wait_for_death(uint32_t* host) {
    for (;;) {
        uint32_t now = __atomic_load_n(host, __ATOMIC_SEQ_CST);
        if ((now & kOwnerDied) != 0)
            break;
        arch::raw_syscall(kSysFutex, reinterpret_cast<uint64_t>(host), kFutexWait, now);
    }
    arch::raw_syscall(kSysFutex, reinterpret_cast<uint64_t>(host), kFutexWake, kEverybody);
}

// Before the control descriptor is closed, whose number the program may use again.
void tell_companions(const Visit* visit) {
    if (visit->companions == 0)
        return;
    auto* host = reinterpret_cast<uint32_t*>(visit->host_life);
    __atomic_fetch_or(host, kOwnerDied, __ATOMIC_SEQ_CST);
    arch::raw_syscall(kSysFutex, visit->host_life, kFutexWake, kEverybody);
}

void wait_for_hangup(const Visit* visit) {
    if (visit->host_life != 0)
        return wait_for_death(reinterpret_cast<uint32_t*>(visit->host_life));
    PollFd poll = {visit->control_fd, 0, 0};
    while (arch::raw_syscall(kSysPpoll, reinterpret_cast<uint64_t>(&poll), 1, 0, 0, 8) <= 0) {
    }
}

void close_number(int fd) {
    if (fd >= 0)
        arch::raw_syscall(kSysClose, static_cast<uint64_t>(fd));
}

void copy_frame(const Visit* visit) {
    const Lifeline& lifeline = visit->lifeline;
    uint64_t frame = lifeline.stack + sizeof(uint64_t);
    *reinterpret_cast<uint64_t*>(lifeline.stack) = lifeline.sigreturn;
    __builtin_memcpy(reinterpret_cast<char*>(frame), reinterpret_cast<char*>(visit->frame),
                     visit->frame_size);
    *reinterpret_cast<uint64_t*>(frame + arch::kFramePointer) = frame + arch::kFrameXstate;
}

// time(2) writes where it is told to: the kernel itself notes that the thread has left, when its
// next instruction is not in the arena.
[[noreturn]] void leave(Visit* visit) {
    copy_frame(visit);
    blob_leave(visit->lifeline.stack, visit->lifeline.syscall_ret, kSysTime,
               reinterpret_cast<uint64_t>(&visit->left), 0);
}

bool all_have_left(const Visit* companions, uint32_t count) {
    int patience = kPatience;
    for (uint32_t i = 0; i < count; i++)
        while (__atomic_load_n(&companions[i].left, __ATOMIC_SEQ_CST) == 0) {
            if (patience-- == 0)
                return false;
            int64_t millisecond[] = {0, 1000000};
            arch::raw_syscall(kSysPpoll, 0, 0, reinterpret_cast<uint64_t>(millisecond), 0, 8);
        }
    return true;
}

[[noreturn]] void take_arena_away(const Visit* visit) {
    copy_frame(visit);
    blob_leave(visit->lifeline.stack, visit->lifeline.syscall_ret, kSysMunmap, visit->arena,
               visit->arena_size);
}

}  // namespace
}  // namespace crtool::blob

extern "C" void blob_visit(crtool::parasite::Visit* visit) {
    using namespace crtool::blob;
    using namespace crtool::parasite;
    do {
        auto* script = reinterpret_cast<Script*>(visit->script);
        run(script);
        uint32_t after = visit->after;
        tell_host(script);
        if (after == kHangUp)
            wait_for_hangup(visit);
    } while (visit->after == kNext && next_word(visit));
    blob_depart(visit);
}

extern "C" void blob_depart(crtool::parasite::Visit* visit) {
    using namespace crtool::blob;
    bool first = visit->arena_size != 0;
    if (first) {
        tell_companions(visit);
        close_number(visit->control_fd);
        close_number(visit->close_fd);
    }
    if (visit->lifeline.stack == 0)
        blob_sigreturn(visit->frame);
    if (!first)
        leave(visit);
    if (all_have_left(visit + 1, visit->companions))
        take_arena_away(visit);
    blob_sigreturn(visit->frame);
}
