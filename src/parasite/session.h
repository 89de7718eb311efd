// The host's handle on a blob at work in one dumped task.
//
// open() borrows the leader of each task for a few remote system calls that map an arena into it
// and open a control socket; from then on the blob runs scripts there. Everything a session puts
// into a task is taken out again by close(), also when something failed in between, and each thread
// stands again in a ptrace stop with its own registers.
//
// When crtool dies instead, the kernel lets all threads run on from where they stand. So at every
// moment each thread's registers lead home: through the blob, which sees the control socket hang up
// and takes everything out; or, before the arena is there and when it goes, through a lifeline on
// its own stack (lifeline.h).
//
// Sessions work in batches: every task or thread is started before the first is waited for.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "parasite/arena.h"
#include "parasite/host_life.h"
#include "parasite/lifeline.h"
#include "parasite/script.h"
#include "parasite/script_builder.h"
#include "sys/fd.h"
#include "sys/mapping.h"
#include "tracee/foothold.h"
#include "tracee/remote.h"
#include "tracee/thread_state.h"

namespace crtool {
class FirstError;
}

namespace crtool::parasite {

// What seccomp means for a task's threads.
struct Confinement {
    bool seccomp = false;   // some run under it: it is suspended while crtool is there
    bool may_leave = true;  // kLeavingCalls are allowed to all when it is not suspended any more
};

class Session {
  public:
    // Of the arena, with room for `data_bytes` of scripts and their results.
    static uint64_t bytes(std::span<const tracee::ThreadState> threads, uint64_t data_bytes);

    // `threads`: captured, stopped, the one that will do the task's work first; they must outlive
    // the session. `bytes`: of the arena. Nothing is touched yet.
    // `shut`: the task has no descriptor to spare; then there is no control socket, and each thread
    // takes one script only.
    Session(pid_t pid, const tracee::Foothold& foothold, Confinement confinement, bool shut,
            std::span<const tracee::ThreadState> threads, uint64_t bytes, Steps& steps);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    using Batch = std::span<Session* const>;

    // Maps the arenas and opens the control sockets.
    static void open(Batch sessions);
    // Takes everything out and brings all threads home.
    static void close(Batch sessions);

    // The task is dead: nothing is left to be taken out.
    void forget_task();

    pid_t pid() const { return pid_; }

    bool shut() const { return shut_; }

    // Where the arena begins in the task.
    uint64_t address() const { return address_; }

    Arena& arena() { return arena_; }

    Steps& steps() { return steps_; }

    std::span<const tracee::ThreadState> threads() const { return threads_; }

    // Starts `script` in thread number `index`; 0 takes any number of scripts, one after the other,
    // the others one.
    void start(size_t index, uint64_t script);
    // Waits for the script that thread `index` runs; throws an Error that names the failed step.
    void finish(size_t index);
    // Runs `look` while thread `index`, which sleeps between two scripts, is held in a ptrace stop.
    void hold(size_t index, const std::function<void()>& look);
    // Sends a descriptor to the task, whose script, already started, waits for it in `receive_fd`.
    // (A byte that starts a script and a descriptor come through the same socket, in this order.)
    void send_fd(int fd);
    // Operations that close what open() left open and the task needs no more; for its first script.
    void settle_in(ScriptBuilder& script);
    // Operations that take the sent descriptor; the result is its number in the task.
    Ref receive_fd(ScriptBuilder& script);

  private:
    enum class Where { home, remote, blob };

    struct Seat {  // of one thread
        Where where = Where::home;
        uint64_t stack_top = 0;
        uint64_t script = 0;
    };

    template <typename Make, typename Take>
    static void call_all(Batch sessions, const char* step, Make make, Take take);
    static void map_arenas(Batch sessions);
    void borrow_leader();
    void move_in();
    Visit& visit(size_t index) const;
    tracee::Registers blob_registers(size_t index) const;
    tracee::RemoteCall remote(uint64_t number, std::array<uint64_t, 6> args) const;
    void take_arena(int64_t result);
    void find_arena();
    void lay_out();
    void lay_out_visit(size_t index, uint64_t host_life);
    void take_control(int64_t result);
    void bring_to_stop(size_t index);
    void bring_all_to_stop();
    void send_home();
    struct ClosingCall;
    void send_companions_home();
    std::vector<ClosingCall> closing_calls();
    static void make_closing_calls(std::span<std::vector<ClosingCall>> all, size_t round,
                                   FirstError& failures);
    [[noreturn]] void fail_script(const Script& script);

    pid_t pid_;
    tracee::Foothold foothold_;
    Confinement confinement_;
    bool shut_;
    std::span<const tracee::ThreadState> threads_;
    uint64_t size_;
    Steps& steps_;
    std::vector<Seat> seats_;
    std::vector<Lifeline> lifelines_;   // one a thread
    std::optional<LaidLifeline> laid_;  // the leader's, when it is there
    bool leaves_nothing_ = false;       // when crtool dies: not even the arena

    sys::UniqueFd control_;    // our end of the control socket
    sys::UniqueFd their_end_;  // a copy of the task's end, to know it by
    int control_fd_ = -1;      // numbers in the task
    int our_fd_ = -1;
    sys::UniqueFd sent_;        // what send_fd sent last
    uint64_t received_at_ = 0;  // where its number is
    uint64_t visits_at_ = 0;    // the threads' Visits, one after the other
    uint64_t address_ = 0;      // of the arena in the task
    uint64_t first_area_ = 0;   // bytes of the arena's first area, which is all of it or the code
    sys::Mapping mapping_;
    std::optional<HostLife> host_life_;  // in the arena, of a task that is shut
    Arena arena_;
};

}  // namespace crtool::parasite
