// One open file in several tasks, under different numbers, also where the common ancestor has
// closed it: a seek in one is seen in the others, and not in a look-alike.
#include <fcntl.h>

#include "family.h"

namespace {

off_t offset(int fd) {
    return CHECK_SYS(lseek(fd, 0, SEEK_CUR));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    zdtm::Gate* moved = zdtm::Gate::make();
    const int kept = CHECK_SYS(open("data", O_CREAT | O_EXCL | O_RDWR, 0644));
    const int given_away = CHECK_SYS(open("data", O_RDWR));
    const int look_alike = CHECK_SYS(open("data", O_RDWR));
    const pid_t mover = zdtm::fork_child([=] {
        CHECK_SYS(dup2(kept, 60));
        CHECK_SYS(close(kept));
        gate->wait();
        CHECK_SYS(lseek(60, 1000, SEEK_SET));
        CHECK_SYS(lseek(given_away, 2000, SEEK_SET));
        moved->arrive();
    });
    const pid_t watcher = zdtm::fork_child([=] {
        const pid_t grandchild = zdtm::fork_child([=] {
            gate->wait();
            moved->expect(1);
            CHECK_EQ(offset(kept), 1000);
            CHECK_EQ(offset(given_away), 2000);
        });
        gate->wait();
        moved->expect(1);
        CHECK_EQ(offset(given_away), 2000);
        CHECK_EQ(offset(look_alike), 0);
        zdtm::expect_exit(grandchild);
    });
    gate->expect(3);
    CHECK_SYS(close(given_away));

    zdtm::checkpoint_here();

    CHECK_EQ(offset(kept), 0);
    gate->open();
    moved->expect(1);
    CHECK_EQ(offset(kept), 1000);
    CHECK_EQ(offset(look_alike), 0);
    zdtm::expect_exit(mover);
    zdtm::expect_exit(watcher);
    zdtm::pass();
}
