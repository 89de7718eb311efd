// Meeting on the board of a restore, and ending.
//
// Every wait is a futex wait with a timeout: on waking for whatever reason the waiter looks whether
// the restore has failed, and after a timeout whether the coordinator still lives (its end of the
// control pipe hangs up when it does not). So a restored task never outlives a dead coordinator by
// more than a fraction of a second.
#include "arch/x86_64/raw_syscall.h"
#include "parasite/blob/blob.h"

namespace crtool::blob {
namespace {

constexpr uint64_t kSysPpoll = 271;
constexpr uint64_t kSysFutex = 202;
constexpr uint64_t kSysExit = 60;
constexpr uint64_t kSysExitGroup = 231;
constexpr uint64_t kFutexWait = 0;
constexpr uint64_t kFutexWake = 1;
constexpr uint64_t kEveryone = 0x7fffffff;
constexpr int64_t kEcanceled = 125;
constexpr int64_t kOwnerDied = 130;
constexpr short kPollHup = 0x10;

struct Timespec {
    int64_t seconds, nanoseconds;
};

struct PollFd {
    int fd;
    short events, revents;
};

bool coordinator_died(const Board* board) {
    PollFd poll = {board->control_fd, 0, 0};
    Timespec now = {0, 0};
    return arch::raw_syscall(kSysPpoll, reinterpret_cast<uint64_t>(&poll), 1,
                             reinterpret_cast<uint64_t>(&now), 0, 8) > 0 &&
           (poll.revents & kPollHup) != 0;
}

void wake(uint32_t* word) {
    arch::raw_syscall(kSysFutex, reinterpret_cast<uint64_t>(word), kFutexWake, kEveryone);
}

void call_coordinator(Board* board) {
    __atomic_add_fetch(&board->coordinator, 1, __ATOMIC_SEQ_CST);
    wake(&board->coordinator);
}

}  // namespace

int64_t arrive(Board* board, uint32_t* word, uint32_t expected) {
    if (__atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST) == expected)
        call_coordinator(board);
    return 0;
}

int64_t wait_for(Board* board, uint32_t* word, uint32_t wanted) {
    for (;;) {
        uint32_t now = __atomic_load_n(word, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&board->failed, __ATOMIC_SEQ_CST) != 0)
            return -kEcanceled;
        if (now >= wanted)
            return 0;
        Timespec patience = {0, 100'000'000};
        int64_t result = arch::raw_syscall(kSysFutex, reinterpret_cast<uint64_t>(word), kFutexWait,
                                           now, reinterpret_cast<uint64_t>(&patience));
        if (result == -110 && coordinator_died(board))
            return -kOwnerDied;
    }
}

int64_t post(uint32_t* word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
    wake(word);
    return 0;
}

void give_up(Script* script) {
    auto* board = reinterpret_cast<Board*>(script->board);
    uint32_t none = 0;
    if (__atomic_compare_exchange_n(&board->failed, &none, 1, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST)) {
        board->error = script->report;
        __atomic_store_n(&board->failed, 2, __ATOMIC_SEQ_CST);
        wake(&board->stage);
        call_coordinator(board);
    }
    arch::raw_syscall(kSysExitGroup, 1);
    __builtin_trap();
}

// Ends the calling thread only: a thread-group leader may have exited while its threads live on.
void end_task(int code) {
    arch::raw_syscall(kSysExit, static_cast<uint64_t>(code));
    __builtin_trap();
}

void park() {
    // Uninterruptible by anything but ptrace and SIGKILL: all signals are blocked here, and a
    // seized task is stopped and given its own registers.
    for (;;)
        arch::raw_syscall(kSysPpoll, 0, 0, 0, 0, 8);
}

}  // namespace crtool::blob
