// A task in seccomp's strict mode stays in it: it may read, write and leave, and is killed by
// anything else that it tries after the restore.
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "zdtm.h"

namespace {

[[noreturn]] void strict_part(int input, int output) {
    CHECK_SYS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
    char byte = 0;
    while (read(input, &byte, 1) == 1) {
        byte++;
        if (write(output, &byte, 1) != 1) {
            break;
        }
    }
    syscall(SYS_getpid);
    syscall(SYS_exit, 0);
    __builtin_trap();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int to[2];
    int from[2];
    CHECK_SYS(pipe(to));
    CHECK_SYS(pipe(from));
    const pid_t child = zdtm::fork_child([&] {
        close(to[1]);
        strict_part(to[0], from[1]);
    });
    char byte = 'a';
    CHECK_EQ(write(to[1], &byte, 1), 1);
    CHECK_EQ(read(from[0], &byte, 1), 1);
    zdtm::wait_in_syscall(child, SYS_read);

    zdtm::checkpoint_here();

    CHECK_EQ(write(to[1], &byte, 1), 1);
    CHECK_EQ(read(from[0], &byte, 1), 1);
    CHECK_EQ(byte, 'c');
    CHECK_SYS(close(to[1]));
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    zdtm::pass();
}
