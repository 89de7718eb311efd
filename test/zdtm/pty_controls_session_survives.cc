// Two sessions, each led by a child that took the slave of its own pair: they keep terminal and
// foreground group, /dev/tty leads there, and a key signals whom it signalled before.
#include <signal.h>

#include "family.h"
#include "pty.h"

namespace {

// A session with a background member (the leader) and a foreground group of one.
void lead(const std::string& name, zdtm::Gate* gate, zdtm::Shared* shared, int at) {
    CHECK_SYS(setsid());
    const int tty = CHECK_SYS(open(name.c_str(), O_RDWR));
    const pid_t front = zdtm::fork_child([&] {
        CHECK_SYS(setpgid(0, 0));
        signal(SIGTTOU, SIG_IGN);
        CHECK_SYS(tcsetpgrp(tty, getpid()));
        sigset_t keys;
        sigemptyset(&keys);
        sigaddset(&keys, SIGINT);
        CHECK_SYS(sigprocmask(SIG_BLOCK, &keys, nullptr));
        gate->arrive();
        int got = 0;
        CHECK_EQ(sigwait(&keys, &got), 0);
        CHECK_EQ(got, SIGINT);
        const int mine = CHECK_SYS(open("/dev/tty", O_RDWR));
        zdtm::type(mine, "hello");
    });
    shared->slot[at] = front;
    const int own = CHECK_SYS(open("/dev/tty", O_WRONLY));
    gate->wait();
    CHECK_EQ(tcgetpgrp(tty), front);
    CHECK_EQ(tcgetsid(tty), getpid());
    zdtm::type(own, "leader");
    zdtm::expect_exit(front);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    auto* shared = zdtm::Shared::make();
    int masters[2];
    pid_t leaders[2];
    for (int i = 0; i < 2; i++) {
        masters[i] = zdtm::open_master();
        leaders[i] = zdtm::fork_child([&] { lead(zdtm::slave_name(masters[i]), gate, shared, i); });
    }
    gate->expect(4);

    zdtm::checkpoint_here();

    for (int i = 0; i < 2; i++) {
        CHECK_EQ(zdtm::get(masters[i], TIOCGSID), leaders[i]);
        CHECK_EQ(zdtm::get(masters[i], TIOCGPGRP), shared->slot[i]);
        zdtm::change_termios(masters[i], [](termios& settings) { settings.c_lflag &= ~ECHO; });
    }
    gate->open();
    for (const int master : masters) {
        CHECK_EQ(zdtm::read_bytes(master, 6), std::string("leader"));
        zdtm::type(master, "\x03");
        CHECK_EQ(zdtm::read_bytes(master, 5), std::string("hello"));
    }
    zdtm::expect_exit(leaders[0]);
    zdtm::expect_exit(leaders[1]);
    zdtm::pass();
}
