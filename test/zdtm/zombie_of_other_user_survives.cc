// waitid(2) tells the same of a zombie as before: pid, code, status and the user it ran as.
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    pid_t zombies[3];
    siginfo_t before[3];
    for (int i = 0; i < 3; i++) {
        zombies[i] = zdtm::fork_child([=] {
            CHECK_SYS(setresgid(2000 + i, 2000 + i, 2000 + i));
            CHECK_SYS(setresuid(1000 + i, 3000 + i, 4000 + i));
            if (i == 2) {
                raise(SIGUSR2);
            }
            _exit(100 + i);
        });
        before[i] = zdtm::wait_zombie(zombies[i]);
        CHECK_EQ(before[i].si_uid, 1000 + i);
    }

    zdtm::checkpoint_here();

    for (int i = 0; i < 3; i++) {
        const siginfo_t after = zdtm::wait_zombie(zombies[i]);
        CHECK_EQ(after.si_signo, before[i].si_signo);
        CHECK_EQ(after.si_code, before[i].si_code);
        CHECK_EQ(after.si_pid, before[i].si_pid);
        CHECK_EQ(after.si_uid, before[i].si_uid);
        CHECK_EQ(after.si_status, before[i].si_status);
        CHECK_EQ(waitpid(zombies[i], nullptr, 0), zombies[i]);
    }
    zdtm::pass();
}
