// A hardware watchpoint that a debugger has left in a thread goes on: the write that it watches for
// gives a SIGTRAP to that thread, at the address of the instruction behind it, and other writes and
// other threads give none.
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cstddef>

#include "signals.h"
#include "threads.h"

namespace {

// Local breakpoint 0, on writes of 4 bytes (Intel SDM volume 3, 18.2.4).
constexpr unsigned long kControl = 1 | 1UL << 16 | 3UL << 18;

volatile int watched;
volatile int beside;
thread_local volatile int traps;

void on_trap(int, siginfo_t* info, void*) {
    CHECK_EQ(info->si_code, TRAP_HWBKPT);
    traps = traps + 1;
}

bool set_register(pid_t tid, unsigned index, unsigned long value) {
    return ptrace(PTRACE_POKEUSER, tid, offsetof(user, u_debugreg) + index * 8, value) == 0;
}

// Nobody can set them for himself: a child does, and is gone.
int set_by_child(pid_t tid) {
    const pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_SEIZE, tid, 0, 0) != 0 || ptrace(PTRACE_INTERRUPT, tid, 0, 0) != 0 ||
            waitpid(tid, nullptr, __WALL) != tid) {
            _exit(1);
        }
        const bool set = set_register(tid, 0, reinterpret_cast<unsigned long>(&watched)) &&
                         set_register(tid, 7, kControl);
        ptrace(PTRACE_DETACH, tid, 0, 0);
        _exit(set ? 0 : 2);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::catch_with(SIGTRAP, on_trap);
    std::atomic<pid_t> tid = 0;
    std::atomic<int> go = 0;
    std::thread thread([&] {
        tid = zdtm::thread_id();
        go.wait(0);
        beside = 1;
        CHECK_EQ(traps, 0);
        watched = 1;
        CHECK_EQ(traps, 1);
        watched = 2;
        CHECK_EQ(traps, 2);
    });
    zdtm::wait_until([&] { return tid != 0; });
    if (set_by_child(tid) != 0) {
        zdtm::skip("hardware breakpoints cannot be set here");
    }

    zdtm::checkpoint_here();

    watched = 3;
    CHECK_EQ(traps, 0);
    go = 1;
    go.notify_all();
    thread.join();
    zdtm::pass();
}
