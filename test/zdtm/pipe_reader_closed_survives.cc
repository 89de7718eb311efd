// A pipe without a reader: writing fails with EPIPE and SIGPIPE.
#include <csignal>

#include "zdtm.h"

namespace {

volatile sig_atomic_t broken;

void on_sigpipe(int) {
    broken = broken + 1;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    signal(SIGPIPE, on_sigpipe);
    int fds[2];
    CHECK_SYS(pipe(fds));
    CHECK_EQ(write(fds[1], "lost", 4), 4);
    CHECK_SYS(close(fds[0]));

    zdtm::checkpoint_here();

    CHECK_EQ(broken, 0);
    CHECK(write(fds[1], "x", 1) == -1 && errno == EPIPE);
    CHECK_EQ(broken, 1);
    zdtm::pass();
}
