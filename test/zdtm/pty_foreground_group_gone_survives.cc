// The foreground group has ended: the terminal still says its number, and the leader, in the
// background now, is stopped when it reads.
#include <signal.h>

#include "family.h"
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    auto* shared = zdtm::Shared::make();
    const int master = zdtm::open_master();
    const std::string name = zdtm::slave_name(master);
    const pid_t leader = zdtm::fork_child([&] {
        CHECK_SYS(setsid());
        const int tty = CHECK_SYS(open(name.c_str(), O_RDWR));
        const pid_t front = zdtm::fork_child([&] {
            CHECK_SYS(setpgid(0, 0));
            signal(SIGTTOU, SIG_IGN);
            CHECK_SYS(tcsetpgrp(tty, getpid()));
        });
        zdtm::expect_exit(front);
        shared->slot[0] = front;
        gate->wait();
        signal(SIGTTIN, SIG_IGN);
        char byte = 0;
        CHECK_EQ(read(tty, &byte, 1), -1);
        CHECK_EQ(errno, EIO);
    });
    gate->expect(1);
    CHECK_EQ(zdtm::get(master, TIOCGPGRP), shared->slot[0]);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::get(master, TIOCGSID), leader);
    CHECK_EQ(zdtm::get(master, TIOCGPGRP), shared->slot[0]);
    gate->open();
    zdtm::expect_exit(leader);
    zdtm::pass();
}
