// A pause lasts until a signal is caught, and then ends with EINTR, once.
#include "blocked.h"
#include "signals.h"

namespace {

std::atomic<int> caught;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_endless_call(
        SYS_pause,
        [] {
            zdtm::catch_with(SIGUSR1, [](int, siginfo_t*, void*) { caught++; });
            CHECK_EQ(syscall(SYS_pause), -1);
            CHECK_EQ(errno, EINTR);
            CHECK_EQ(caught, 1);
        },
        [](pid_t child) { CHECK_SYS(kill(child, SIGUSR1)); });
    zdtm::pass();
}
