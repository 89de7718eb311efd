// A task that another one of the tree traces cannot be traced by crtool: the dump is refused, and
// the tracer keeps it.
#include <sys/ptrace.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const pid_t child = zdtm::fork_child([] {
        while (true) {
            pause();
        }
    });
    CHECK_SYS(ptrace(PTRACE_SEIZE, child, nullptr, nullptr));

    zdtm::checkpoint_here();

    const std::string status = zdtm::read_file("/proc/" + std::to_string(child) + "/status");
    CHECK_EQ(zdtm::field(status, "TracerPid"), std::to_string(getpid()));
    zdtm::kill_and_reap(child);
    zdtm::pass();
}
