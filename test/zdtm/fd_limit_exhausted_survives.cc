// A task that has used up RLIMIT_NOFILE, so that not one more descriptor fits, keeps them all.
#include <fcntl.h>
#include <sys/resource.h>

#include <vector>

#include "family.h"

namespace {

constexpr int kLimit = 40;

// Failures cannot be written down with a full table; the exit code tells the root of them.
void fill_and_check(zdtm::Gate* gate) {
    const rlimit limit = {kLimit, kLimit};
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    int last[2];
    while (pipe(last) == 0) {
    }
    CHECK_EQ(errno, EMFILE);
    while (dup(0) != -1) {
    }
    gate->wait();
    for (int fd = 0; fd < kLimit; fd++) {
        CHECK_SYS(fcntl(fd, F_GETFD));
    }
    CHECK(dup(0) == -1 && errno == EMFILE);
    // The last pipe that fitted still has two ends.
    CHECK_EQ(write(last[1], "x", 1), 1);
    char byte = 0;
    CHECK_EQ(read(last[0], &byte, 1), 1);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([=] { fill_and_check(gate); });
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
