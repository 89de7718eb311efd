// The exclusive mode of either end, and the lock of a slave.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty first = zdtm::open_pty();
    const zdtm::Pty second = zdtm::open_pty();
    CHECK_SYS(ioctl(first.slave, TIOCEXCL));
    CHECK_SYS(ioctl(second.master, TIOCEXCL));
    const int on = 1;
    CHECK_SYS(ioctl(second.master, TIOCSPTLCK, &on));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::get(first.slave, TIOCGEXCL), 1);
    CHECK_EQ(zdtm::get(first.master, TIOCGEXCL), 0);
    CHECK_EQ(zdtm::get(second.slave, TIOCGEXCL), 0);
    CHECK_EQ(zdtm::get(second.master, TIOCGEXCL), 1);
    CHECK_EQ(zdtm::get(first.master, TIOCGPTLCK), 0);
    CHECK_EQ(zdtm::get(second.master, TIOCGPTLCK), 1);
    zdtm::type(second.master, "line\n");
    CHECK_EQ(zdtm::read_some(second.slave), std::string("line\n"));
    CHECK_EQ(open(zdtm::slave_name(second.master).c_str(), O_RDWR | O_NOCTTY), -1);
    CHECK_EQ(errno, EIO);
    zdtm::pass();
}
