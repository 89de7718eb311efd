// flock(2): an exclusive lock, one shared by two open files, and one held through a descriptor that
// two processes have inherited, which either of them can give up for both.
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "family.h"

namespace {

int open_file(const char* name) {
    return CHECK_SYS(open(name, O_CREAT | O_RDWR, 0644));
}

bool is_taken(const char* name, int how) {
    const int fd = open_file(name);
    const bool taken = flock(fd, how | LOCK_NB) == -1;
    CHECK(!taken || errno == EWOULDBLOCK);
    close(fd);
    return taken;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const int alone = open_file("alone");
    CHECK_SYS(flock(alone, LOCK_EX));
    const int one = open_file("many");
    const int two = open_file("many");
    CHECK_SYS(flock(one, LOCK_SH));
    CHECK_SYS(flock(two, LOCK_SH));
    const int common = open_file("common");
    CHECK_SYS(flock(common, LOCK_EX));
    const int duplicate = CHECK_SYS(dup(common));
    const pid_t child = zdtm::fork_child([&] {
        for (int fd : {alone, one, two})
            close(fd);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; });
        CHECK_SYS(flock(common, LOCK_UN));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(is_taken("alone", LOCK_SH));
    CHECK_SYS(flock(alone, LOCK_UN));
    CHECK(!is_taken("alone", LOCK_EX));
    CHECK(!is_taken("many", LOCK_SH));
    CHECK(is_taken("many", LOCK_EX));
    close(one);
    CHECK(is_taken("many", LOCK_EX));
    close(two);
    CHECK(!is_taken("many", LOCK_EX));
    CHECK(is_taken("common", LOCK_SH));
    close(duplicate);
    CHECK(is_taken("common", LOCK_SH));
    shared->go = 1;
    zdtm::expect_exit(child);
    CHECK(!is_taken("common", LOCK_EX));
    zdtm::pass();
}
