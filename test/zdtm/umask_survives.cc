// The file creation mask of each task stays, and new files are made with it.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

namespace {

mode_t mode_of_new_file(const char* name) {
    struct stat status = {};
    CHECK_SYS(close(CHECK_SYS(open(zdtm::path(name).c_str(), O_WRONLY | O_CREAT, 0777))));
    CHECK_SYS(stat(zdtm::path(name).c_str(), &status));
    return status.st_mode & 0777;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    umask(0);
    const pid_t child = zdtm::fork_child([&] {
        umask(0351);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(mode_of_new_file("by_child"), 0426);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(mode_of_new_file("by_root"), 0777);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
