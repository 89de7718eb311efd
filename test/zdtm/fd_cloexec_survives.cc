// Close-on-exec is a property of each descriptor, not of the file: dups differ in it and keep it,
// and an exec closes exactly the marked ones.
#include <fcntl.h>
#include <sys/wait.h>

#include <cstring>

#include "zdtm.h"

namespace {

// What the executed program does: it writes down which descriptors it was given.
[[noreturn]] void list_descriptors() {
    std::string open_ones;
    for (int fd = 0; fd < 100; fd++) {
        if (fcntl(fd, F_GETFD) != -1) {
            open_ones += std::to_string(fd) + " ";
        }
    }
    const int out = open("listed", O_CREAT | O_WRONLY, 0644);
    _exit(write(out, open_ones.data(), open_ones.size()) > 0 ? 0 : 1);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        list_descriptors();
    }
    zdtm::init(argc, argv);
    CHECK_SYS(close_range(3, ~0u, 0));
    const int marked = CHECK_SYS(open("data", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
    const int unmarked = CHECK_SYS(dup(marked));
    const int marked_dup = CHECK_SYS(fcntl(marked, F_DUPFD_CLOEXEC, 50));
    int pipe_fds[2];
    CHECK_SYS(pipe2(pipe_fds, O_CLOEXEC));
    CHECK_SYS(fcntl(pipe_fds[1], F_SETFD, 0));

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(marked, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(unmarked, F_GETFD), 0);
    CHECK_EQ(fcntl(marked_dup, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(pipe_fds[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(pipe_fds[1], F_GETFD), 0);
    const pid_t child = zdtm::fork_child([] {
        execl("/proc/self/exe", "list", "list", nullptr);
        _exit(99);
    });
    zdtm::expect_exit(child);
    CHECK_EQ(zdtm::read_file("listed"),
             "0 1 2 " + std::to_string(unmarked) + " " + std::to_string(pipe_fds[1]) + " ");
    zdtm::pass();
}
