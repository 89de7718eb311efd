// Settings, size, owner and mode of a terminal.
#include <sys/stat.h>

#include <array>
#include <cstring>
#include <tuple>

#include "pty.h"

namespace {

// What is between them is nobody's.
auto members(const termios& all) {
    return std::tuple(all.c_iflag, all.c_oflag, all.c_cflag, all.c_lflag, all.c_line,
                      std::to_array(all.c_cc), all.c_ispeed, all.c_ospeed);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    zdtm::change_termios(pty.slave, [](termios& settings) {
        settings.c_iflag = IXOFF | IGNBRK | IUTF8;
        settings.c_oflag = OPOST | OLCUC;
        settings.c_lflag = ICANON | ECHONL | IEXTEN;
        settings.c_cc[VINTR] = 'i';
        settings.c_cc[VMIN] = 7;
        settings.c_cc[VTIME] = 9;
        cfsetspeed(&settings, B57600);
    });
    const winsize size = {11, 22, 33, 44};
    CHECK_SYS(ioctl(pty.master, TIOCSWINSZ, &size));
    CHECK_SYS(fchmod(pty.slave, 0620));
    CHECK_SYS(fchown(pty.slave, 1001, 1002));
    termios before = {};
    CHECK_SYS(tcgetattr(pty.slave, &before));

    zdtm::checkpoint_here();

    termios after = {};
    CHECK_SYS(tcgetattr(pty.slave, &after));
    CHECK(members(before) == members(after));
    winsize now = {};
    CHECK_SYS(ioctl(pty.slave, TIOCGWINSZ, &now));
    CHECK_EQ(memcmp(&size, &now, sizeof(size)), 0);
    struct stat node = {};
    CHECK_SYS(stat(zdtm::slave_name(pty.master).c_str(), &node));
    CHECK_EQ(node.st_mode & 07777, 0620);
    CHECK_EQ(node.st_uid, 1001);
    CHECK_EQ(node.st_gid, 1002);
    zdtm::type(pty.slave, "text\n");
    CHECK_EQ(zdtm::read_some(pty.master), std::string("TEXT\n"));
    zdtm::pass();
}
