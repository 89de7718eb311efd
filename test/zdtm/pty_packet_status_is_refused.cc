// A status of packet mode that nobody has read cannot be seen without taking it.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    const int on = 1;
    CHECK_SYS(ioctl(pty.master, TIOCPKT, &on));
    CHECK_SYS(tcflush(pty.slave, TCIFLUSH));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_some(pty.master), std::string(1, TIOCPKT_FLUSHREAD));
    zdtm::pass();
}
