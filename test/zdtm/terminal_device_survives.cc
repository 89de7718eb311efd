// A virtual terminal as the controlling terminal of a session, and the console beside it.
#include <sys/sysmacros.h>

#include "family.h"
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    // Tests may run side by side: nobody else's, and no login's.
    const unsigned number = 10 + static_cast<unsigned>(getpid()) % 50;
    const std::string name = "/dev/tty" + std::to_string(number);
    const int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_NONBLOCK);
    const int probe = open(name.c_str(), O_RDWR | O_NOCTTY);
    int session = 0;
    termios settings = {};
    if (console == -1 || probe == -1 || tcgetattr(probe, &settings) == -1) {
        zdtm::skip("this machine has no virtual terminals");
    }
    auto* gate = zdtm::Gate::make();
    const pid_t leader = zdtm::fork_child([&] {
        CHECK_SYS(setsid());
        if (ioctl(probe, TIOCSCTTY, 0) == -1) {
            zdtm::skip("somebody uses the virtual terminal");
        }
        zdtm::change_termios(probe, [](termios& settings) { settings.c_cc[VINTR] = 'x'; });
        const int own = CHECK_SYS(open("/dev/tty", O_RDWR));
        gate->wait();
        CHECK_EQ(tcgetsid(own), getpid());
        CHECK_EQ(tcgetpgrp(own), getpid());
        termios after = {};
        CHECK_SYS(tcgetattr(own, &after));
        CHECK_EQ(after.c_cc[VINTR], 'x');
        zdtm::change_termios(own, [](termios& changed) { changed.c_cc[VINTR] = 3; });
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    CHECK_EQ(ioctl(probe, TIOCGSID, &session), -1);
    unsigned device = 0;
    CHECK_SYS(ioctl(probe, TIOCGDEV, &device));
    CHECK_EQ(gnu_dev_major(device), 4);
    CHECK_EQ(gnu_dev_minor(device), number);
    CHECK_EQ(fcntl(console, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_WRONLY | O_NONBLOCK);
    gate->open();
    zdtm::expect_exit(leader);
    zdtm::pass();
}
