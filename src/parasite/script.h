// The script: how anything is done inside another task. Shared by the host and the blob.
//
// A script is a flat array of operations that the host prepares in the arena. An operation is a
// system call (its number and arguments) or one of the few composite operations below; the
// interpreter (blob/interpreter.cc) runs them in order and writes each result into the operation
// itself. The first operation whose result is not acceptable ends the script: the report says which
// one and why. Arguments are plain numbers or results of earlier operations of the same script.
//
// All structures are plain data with explicit sizes; addresses are those of the task that runs the
// script. Nothing here has a constructor, so that an arena full of zeros is valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace crtool::parasite {

// Codes below this are system call numbers.
inline constexpr uint16_t kFirstComposite = 4096;

enum Composite : uint16_t {
    // Moves descriptor args[0] to number args[1] with FD_CLOEXEC = args[2]. Result: args[1].
    kPlace = kFirstComposite,
    // clone3 with CloneArgs args[0]; the child runs the script args[1]. Result: its id.
    kSpawn,
    // Sets bit i of the bitmap at args[2] for each all-zero page of the Segments args[0] × args[1].
    kFindZeros,
    // Writes the Segments args[1] × args[2] one after the other to descriptor args[0] from byte
    // args[3]; an XXH3-64 digest of every kPieceBytes goes to the array at args[4]. args[5]: 1 when
    // the CPU has AVX2.
    kWritePages,
    // Reads Segments args[1] × args[2] from descriptor args[0], each from its own page_index.
    kLoadPages,
    // Adds 1 to the word at args[0]; wakes the coordinator when it has become args[1].
    kArrive,
    // Waits until the word at args[0] is at least args[1], or the restore has failed.
    kWaitFor,
    // Sets the word at args[0] to args[1] and wakes whoever waits for it.
    kPost,
    // Sleeps until the task is stopped from outside and never returns.
    kPark,
    // Loads the flags register with args[0], for a bit that nobody else can set.
    kLoadFlags,
    // Skips the next args[1] operations when args[0] (a result) is an error.
    kSkipOnError,
    // Result: the signed 32-bit word at args[0], for example a descriptor in a control message.
    kWord,
    // Copies args[2] bytes from args[1] to args[0], which do not overlap.
    kCopy,
};

// What counts as success of an operation.
enum Accept : uint8_t {
    kMustWork,  // no -errno
    kAny,       // the host looks at the result itself
    kGoOn,      // likewise, and no fault is injected: what was begun must be ended
    kExact,     // the result is args[2]: a count that must be complete
    kZero,      // exactly 0
    kFault,     // fails with EIO without being done: an injected fault
};

struct Op {
    uint16_t code;
    uint8_t refs;    // bit i: args[i] is the index of an earlier operation, whose result is meant
    uint8_t accept;  // Accept
    uint32_t step;   // step id, for errors and fault injection
    uint64_t args[6];
    int64_t result;
};

static_assert(sizeof(Op) == 64 && std::is_trivial_v<Op>);

// A run of pages in the task's memory.
struct Segment {
    uint64_t address;
    uint64_t pages;
    uint64_t page_index;  // kLoadPages: where in the pages file
};

// Digests cover this much each; the last one of a stretch covers what is left.
inline constexpr uint64_t kPieceBytes = uint64_t{256} * 1024;
inline constexpr uint64_t kPageBytes = 4096;

struct Report {
    int32_t err;    // errno, 0 when all went well
    uint32_t step;  // step id of the failed operation
    uint32_t op;    // its index
    uint32_t slot;  // restore: which task or thread
};

enum ScriptState : uint32_t { kIdle = 0, kRunning = 1, kDone = 2 };

struct Board;

struct Script {
    uint64_t ops;  // address of Op[count]
    uint32_t count;
    uint32_t state;  // ScriptState; a futex that the host waits on
    Report report;
    uint64_t board;  // restore: address of the Board, else 0
    uint32_t slot;   // restore: index of the task or thread, for the report
    uint32_t reserved;
};

// Where all tasks of a restore meet. One page that everybody maps.
struct Board {
    uint32_t stage;        // futex: how far the coordinator lets everybody go
    uint32_t coordinator;  // futex: changes whenever the coordinator should look
    uint32_t failed;       // 0, 1 being written, 2 `error` is valid: the first error wins
    int32_t control_fd;    // readable hang-up when the coordinator is gone
    Report error;
    uint32_t arrived[8];  // per stage
};

// How a thread gets home when the arena must go before it, or has not come yet: at `stack`, below
// what the thread uses of its own stack, lies the address `sigreturn`, and behind it a signal
// frame. The instructions are the task's own: a call made at `syscall_ret` returns to `sigreturn`,
// which takes the frame.
struct Lifeline {
    uint64_t stack;  // 0: there is none
    uint64_t syscall_ret;
    uint64_t sigreturn;
};

// A thread of a dumped task while it runs scripts. It sleeps between them; when the control
// descriptor hangs up, or a word says so where there is none (crtool is gone), it closes what was
// opened and returns through `frame`. With lifelines for all threads of the task, the arena goes as
// well: each thread leaves by its own, the first one last, with a call that takes the arena away.
struct Visit {
    uint64_t script;  // address of the Script to run
    uint64_t frame;   // address of an rt_sigframe that leads home
    // As socketpair(2) writes them; -1: not open.
    int32_t close_fd;    // the host's end, closed by the first script
    int32_t control_fd;  // the task's
    uint32_t after;      // VisitAfter: what follows a script
    int32_t scratch;
    // Address of a futex that gets FUTEX_OWNER_DIED: from the kernel where there are no control
    // descriptors, else from the first thread, for the others. 0: they see to it themselves.
    uint64_t host_life;
    Lifeline lifeline;
    uint64_t frame_size;
    int64_t left;  // not 0: the thread is not in the arena, or executes nothing there any more
    // Of the first thread only, and of none where seccomp forbids what is to be done.
    uint64_t arena, arena_size;
    uint64_t companions;  // how many Visits of other threads follow this one
};

enum VisitAfter : uint32_t {
    kHangUp,  // sleep until the host stops the thread, or is gone (threads)
    kNext,    // take further scripts from the control socket (the leader)
};

// The calls that the blob makes to take everything out when crtool has died, but for the
// rt_sigreturn(2) at the end: close, munmap, time, futex, ppoll.
inline constexpr int kLeavingCalls[] = {3, 11, 201, 202, 271};

// struct clone_args of clone3(2), version 2.
struct CloneArgs {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size, cgroup;
};

}  // namespace crtool::parasite
