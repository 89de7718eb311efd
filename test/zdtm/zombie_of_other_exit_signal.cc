// Zombies whose exit signal is not SIGCHLD: still found with __WCLONE only, status kept, and the
// signal is not sent again.
#include "family.h"

namespace {

std::atomic<int> signals;

void count(int) {
    signals++;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    signal(SIGUSR2, count);
    const pid_t usr2 = zdtm::clone_child(SIGUSR2, [] { _exit(21); });
    zdtm::wait_zombie(usr2);
    const pid_t silent = zdtm::clone_child(0, [] { raise(SIGKILL); });
    zdtm::wait_zombie(silent);
    CHECK_EQ(signals.load(), 1);

    zdtm::checkpoint_here();

    CHECK_EQ(signals.load(), 1);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD);
    int status = 0;
    CHECK_EQ(waitpid(usr2, &status, __WCLONE), usr2);
    CHECK_EQ(status, 21 << 8);
    CHECK_EQ(waitpid(silent, &status, __WCLONE), silent);
    CHECK_EQ(status, SIGKILL);
    CHECK_EQ(signals.load(), 1);
    zdtm::pass();
}
