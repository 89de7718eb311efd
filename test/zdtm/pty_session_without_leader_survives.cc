// The leader of a session has ended: its members have lost the terminal, but not their files of
// it, and another session may take it.
#include <signal.h>
#include <sys/prctl.h>

#include "family.h"
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
    auto* gate = zdtm::Gate::make();
    const int master = zdtm::open_master();
    const std::string name = zdtm::slave_name(master);
    const pid_t leader = zdtm::fork_child([&] {
        CHECK_SYS(setsid());
        const int tty = CHECK_SYS(open(name.c_str(), O_RDWR));
        signal(SIGHUP, SIG_IGN);
        zdtm::fork_child([&] {
            const pid_t session = getsid(0);
            // The orphan sees the end of the leader before the test is ready.
            zdtm::wait_until([&] { return getppid() != session; });
            gate->wait();
            CHECK_EQ(getsid(0), session);
            CHECK_EQ(open("/dev/tty", O_RDWR), -1);
            CHECK_EQ(errno, ENXIO);
            zdtm::type(tty, "alive");
        });
    });
    zdtm::expect_exit(leader);
    gate->expect(1);

    zdtm::checkpoint_here();

    int session = -1;
    CHECK_EQ(ioctl(master, TIOCGSID, &session), -1);
    CHECK_EQ(errno, ENOTTY);
    gate->open();
    CHECK_EQ(zdtm::read_bytes(master, 5), std::string("alive"));
    zdtm::expect_exits(1);
    const pid_t next = zdtm::fork_child([&] {
        CHECK_SYS(setsid());
        const int tty = CHECK_SYS(open(name.c_str(), O_RDWR));
        CHECK_EQ(tcgetsid(tty), getpid());
    });
    zdtm::expect_exit(next);
    zdtm::pass();
}
