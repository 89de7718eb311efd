// What a task has asked the kernel's out-of-memory killer to add to its score stays, per task.
#include <fcntl.h>

#include "zdtm.h"

namespace {

constexpr const char* kFile = "/proc/self/oom_score_adj";

void set(std::string_view value) {
    const int fd = CHECK_SYS(open(kFile, O_WRONLY));
    CHECK_EQ(write(fd, value.data(), value.size()), value.size());
    CHECK_SYS(close(fd));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        set("777");
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(zdtm::read_file(kFile), "777\n");
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    set("123");

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_file(kFile), "123\n");
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
