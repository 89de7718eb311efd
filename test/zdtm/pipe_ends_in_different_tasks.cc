// A ring of tasks, each with the reading end of one pipe and the writing end of the next, and no
// other ends anywhere: a byte goes round, and the ends of the tasks are seen as ends of file.
#include <vector>

#include "family.h"

namespace {

constexpr int kTasks = 8;

// Hands on what it reads, one higher, until the end of file.
void relay(int from, int to) {
    char byte = 0;
    while (CHECK_SYS(read(from, &byte, 1)) == 1) {
        byte++;
        CHECK_EQ(write(to, &byte, 1), 1);
    }
}

void keep_only(int from, int to, const std::vector<int>& all) {
    for (const int fd : all) {
        if (fd != from && fd != to) {
            CHECK_SYS(close(fd));
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    std::vector<int> ends;
    for (int i = 0; i <= kTasks; i++) {
        int fds[2];
        CHECK_SYS(pipe(fds));
        ends.insert(ends.end(), {fds[0], fds[1]});
    }
    pid_t tasks[kTasks];
    for (int i = 0; i < kTasks; i++) {
        tasks[i] = zdtm::fork_child([&, i] {
            const int from = ends[2 * i];
            const int to = ends[2 * i + 3];
            keep_only(from, to, ends);
            gate->arrive();
            relay(from, to);
        });
    }
    const int first = ends[1];
    const int last = ends[2 * kTasks];
    keep_only(first, last, ends);
    gate->expect(kTasks);

    zdtm::checkpoint_here();

    for (char byte = 0; byte < 100; byte += 9) {
        CHECK_EQ(write(first, &byte, 1), 1);
        char back = 0;
        CHECK_EQ(read(last, &back, 1), 1);
        CHECK_EQ(back, byte + kTasks);
    }
    CHECK_SYS(close(first));
    char nothing = 0;
    CHECK_EQ(read(last, &nothing, 1), 0);
    for (const pid_t task : tasks) {
        zdtm::expect_exit(task);
    }
    zdtm::pass();
}
