// Packet mode: reads of the master keep their leading byte, and no status of the restore is in it.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    const int on = 1;
    CHECK_SYS(ioctl(pty.master, TIOCPKT, &on));
    zdtm::type(pty.slave, "output");

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::get(pty.master, TIOCGPKT), 1);
    CHECK_EQ(zdtm::ready(pty.master, POLLPRI) & POLLPRI, 0);
    CHECK_EQ(zdtm::read_some(pty.master), std::string("\0output", 7));
    zdtm::expect_nothing(pty.master);
    CHECK_SYS(tcflush(pty.slave, TCIFLUSH));
    CHECK_EQ(zdtm::read_some(pty.master), std::string(1, TIOCPKT_FLUSHREAD));
    zdtm::pass();
}
