// A slave that nobody has opened yet is not the same as one that was closed: there the master sees
// a hang-up, and reads what is left before.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fresh = zdtm::open_master();
    const zdtm::Pty left = zdtm::open_pty();
    zdtm::type(left.slave, "last words");
    zdtm::type(left.master, "unheard\n");
    CHECK_SYS(close(left.slave));
    zdtm::change_termios(fresh, [](termios& settings) { settings.c_lflag &= ~ECHO; });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::ready(fresh, POLLIN), 0);
    CHECK_EQ(zdtm::ready(left.master, POLLIN), POLLIN | POLLHUP);
    CHECK_EQ(zdtm::read_bytes(left.master, 19), std::string("last wordsunheard\r\n"));
    char byte = 0;
    CHECK_EQ(read(left.master, &byte, 1), -1);
    CHECK_EQ(errno, EIO);
    const int again = zdtm::open_slave(left.master);
    CHECK_EQ(zdtm::read_some(again), std::string("unheard\n"));
    const int slave = zdtm::open_slave(fresh);
    zdtm::type(fresh, "line\n");
    CHECK_EQ(zdtm::read_some(slave), std::string("line\n"));
    zdtm::expect_nothing(fresh);
    zdtm::pass();
}
