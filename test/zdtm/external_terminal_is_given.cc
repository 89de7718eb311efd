// A session whose controlling terminal has its master outside of the tree is given the terminal at
// the restore, and takes it again: its own file of it, /dev/tty, the foreground group.
#include <sys/sysmacros.h>

#include "family.h"
#include "outsider.h"
#include "pty.h"

namespace {

// The death of a session hangs its terminal up: everybody has to open it again.
void keep_open(const char* name, int slave) {
    const double end = zdtm::now() + 120;
    while (!zdtm::is_over(end)) {
        pollfd hang_up = {slave, 0, 0};
        if (poll(&hang_up, 1, 50) == 1) {
            const int fresh = CHECK_SYS(open(name, O_RDWR | O_NOCTTY));
            CHECK_SYS(dup2(fresh, slave));
            CHECK_SYS(close(fresh));
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    const std::string name = zdtm::slave_name(pty.master);
    const zdtm::Outsider outsider([&] { keep_open(name.c_str(), pty.slave); });
    outsider.give(pty.slave);
    struct stat st = {};
    CHECK_SYS(fstat(pty.slave, &st));
    char id[64] = {};
    CHECK(snprintf(id, sizeof id, "%lx:%lx", st.st_rdev, st.st_dev) > 0);
    zdtm::tell("tty", id);
    CHECK_SYS(close(pty.master));
    auto* gate = zdtm::Gate::make();
    const pid_t leader = zdtm::fork_child([&] {
        CHECK_SYS(setsid());
        CHECK_SYS(ioctl(pty.slave, TIOCSCTTY, 0));
        const int own = CHECK_SYS(open("/dev/tty", O_RDWR));
        const pid_t job = zdtm::fork_child([&] {
            CHECK_SYS(setpgid(0, 0));
            gate->wait();
            CHECK_EQ(tcgetpgrp(own), getpid());
        });
        gate->expect(1);
        CHECK_SYS(tcsetpgrp(own, job));
        gate->wait();
        CHECK_EQ(tcgetsid(pty.slave), getpid());
        CHECK_EQ(tcgetsid(own), getpid());
        zdtm::expect_exit(job);
    });
    CHECK_SYS(close(pty.slave));
    gate->expect(2);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(leader);
    zdtm::pass();
}
