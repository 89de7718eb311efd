// Zombies keep the signal that killed them, for signals of every kind of default action that can
// end a task, real-time ones and SIGKILL included; no core is written (the limit is 0).
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGABRT, SIGKILL, SIGSEGV,      SIGPIPE,
                           SIGALRM, SIGTERM, SIGUSR1, SIGXCPU, SIGSYS,  SIGRTMIN + 1, SIGRTMAX};
    pid_t zombies[std::size(signals)];
    for (size_t i = 0; i < std::size(signals); i++) {
        zombies[i] = zdtm::fork_child([&] {
            signal(signals[i], SIG_DFL);
            raise(signals[i]);
            pause();
        });
        zdtm::wait_zombie(zombies[i]);
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < std::size(signals); i++) {
        const siginfo_t info = zdtm::wait_zombie(zombies[i]);
        CHECK_EQ(info.si_code, CLD_KILLED);
        CHECK_EQ(info.si_status, signals[i]);
        int status = 0;
        CHECK_EQ(waitpid(zombies[i], &status, 0), zombies[i]);
        CHECK_EQ(status, signals[i]);
    }
    zdtm::pass();
}
