// A child that was made by vfork(2) and has executed a program: it has an address space of its own
// again, and talks to its parent over pipes as before.
#include <fcntl.h>

#include <cstring>

#include "family.h"

namespace {

[[noreturn]] void echo() {
    char byte = 0;
    while (read(0, &byte, 1) == 1) {
        byte ^= 0x20;
        if (write(1, &byte, 1) != 1) {
            _exit(1);
        }
    }
    _exit(29);
}

void check_echo(int to, int from) {
    char byte = 'a';
    CHECK_EQ(write(to, &byte, 1), 1);
    CHECK_EQ(read(from, &byte, 1), 1);
    CHECK_EQ(byte, 'A');
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && strcmp(argv[1], "echo") == 0) {
        echo();
    }
    zdtm::init(argc, argv);
    int to[2];
    int from[2];
    CHECK_SYS(pipe2(to, O_CLOEXEC));
    CHECK_SYS(pipe2(from, O_CLOEXEC));
    const pid_t child = vfork();
    if (child == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        execl("/proc/self/exe", "renamed", "echo", nullptr);
        _exit(99);
    }
    CHECK_SYS(child);
    CHECK_SYS(close(to[0]));
    CHECK_SYS(close(from[1]));
    check_echo(to[1], from[0]);

    zdtm::checkpoint_here();

    check_echo(to[1], from[0]);
    CHECK_EQ(zdtm::read_file("/proc/" + std::to_string(child) + "/cmdline"),
             std::string("renamed\0echo\0", 13));
    CHECK_SYS(close(to[1]));
    zdtm::expect_exit(child, 29);
    zdtm::pass();
}
