// Tasks that share one descriptor table (CLONE_FILES) still do; a task with a table of its own,
// and a second sharing pair, stay apart from it.
#include <fcntl.h>

#include "family.h"

namespace {

constexpr int kFirst = 100;
constexpr int kSecond = 101;

bool is_open(int fd) {
    return fcntl(fd, F_GETFD) != -1;
}

// Opens a descriptor after the checkpoint and holds the table until everyone has looked.
void opener(zdtm::Gate* gate, zdtm::Gate* opened, zdtm::Gate* looked, int fd) {
    gate->wait();
    CHECK_EQ(CHECK_SYS(dup2(0, fd)), fd);
    opened->arrive();
    looked->wait();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    zdtm::Gate* opened = zdtm::Gate::make();
    zdtm::Gate* looked = zdtm::Gate::make();
    const pid_t apart = zdtm::fork_child([=] {
        const pid_t partner = zdtm::clone_child(CLONE_FILES | SIGCHLD,
                                                [=] { opener(gate, opened, looked, kSecond); });
        gate->wait();
        opened->expect(2);
        CHECK(!is_open(kFirst));
        CHECK(is_open(kSecond));
        looked->wait();
        zdtm::expect_exit(partner);
    });
    const pid_t sharing =
        zdtm::clone_child(CLONE_FILES | SIGCHLD, [=] { opener(gate, opened, looked, kFirst); });
    gate->expect(3);
    CHECK(!is_open(kFirst) && !is_open(kSecond));

    zdtm::checkpoint_here();

    gate->open();
    opened->expect(2);
    CHECK(is_open(kFirst));
    CHECK(!is_open(kSecond));
    looked->expect(3);
    looked->open();
    zdtm::expect_exit(apart);
    zdtm::expect_exit(sharing);
    // What the other one opened stays after its end, and what it closes is closed here as well.
    CHECK(is_open(kFirst));
    CHECK_SYS(close(kFirst));
    zdtm::pass();
}
