// Children whose death is announced by another signal than SIGCHLD, or by none, keep that; wait
// finds them by the same flags.
#include "family.h"

namespace {

std::atomic<int> announced_pid;
std::atomic<int> usr1_count;
std::atomic<int> chld_count;

void on_usr1(int, siginfo_t* info, void*) {
    announced_pid = info->si_pid;
    usr1_count++;
}

void on_chld(int) {
    chld_count++;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    struct sigaction action = {};
    action.sa_sigaction = on_usr1;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    CHECK_SYS(sigaction(SIGUSR1, &action, nullptr));
    signal(SIGCHLD, on_chld);
    const pid_t usr1 = zdtm::clone_child(SIGUSR1, [=] {
        gate->wait();
        _exit(3);
    });
    const pid_t silent = zdtm::clone_child(0, [=] {
        gate->wait();
        _exit(4);
    });
    gate->expect(2);

    zdtm::checkpoint_here();

    CHECK_EQ(usr1_count.load(), 0);
    CHECK(waitpid(usr1, nullptr, WNOHANG) == -1 && errno == ECHILD);
    gate->open();
    const pid_t found[] = {waitpid(usr1, nullptr, __WCLONE), waitpid(silent, nullptr, __WALL)};
    CHECK_EQ(found[0], usr1);
    CHECK_EQ(found[1], silent);
    CHECK_EQ(usr1_count.load(), 1);
    CHECK_EQ(announced_pid.load(), usr1);
    CHECK_EQ(chld_count.load(), 0);
    zdtm::pass();
}
