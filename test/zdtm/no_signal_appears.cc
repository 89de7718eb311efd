// A checkpoint gives no signal to anybody: a parent with handlers for everything catches nothing,
// and SIGCHLD comes once, with the right facts, when a child really ends.
#include <sys/wait.h>

#include "signals.h"

namespace {

std::atomic<int> count;
std::atomic<int> last;
siginfo_t facts;

void handler(int signal, siginfo_t* info, void*) {
    count++;
    last = signal;
    facts = *info;
}

void catch_everything() {
    for (int signal = 1; signal <= zdtm::kSignals; signal++) {
        if (signal != SIGKILL && signal != SIGSTOP && signal != 32 && signal != 33) {
            zdtm::catch_with(signal, handler, SA_RESTART);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        catch_everything();
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(count, 0);
        _exit(37);
    });
    catch_everything();
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(count, 0);
    CHECK_EQ(zdtm::pending_mask(), 0);
    shared->go = 1;
    zdtm::expect_exit(child, 37);
    CHECK_EQ(count, 1);
    CHECK_EQ(last, SIGCHLD);
    CHECK_EQ(facts.si_code, CLD_EXITED);
    CHECK_EQ(facts.si_pid, child);
    CHECK_EQ(facts.si_status, 37);
    zdtm::pass();
}
