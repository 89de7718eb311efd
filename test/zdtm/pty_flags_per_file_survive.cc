// Several open files of one slave, with flags of their own, and a master that does not wait.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int master = zdtm::open_master(O_RDWR | O_NONBLOCK);
    const int reader = zdtm::open_slave(master, O_RDONLY);
    const int writer = zdtm::open_slave(master, O_WRONLY | O_NONBLOCK | O_APPEND);
    const int flags_of_reader = CHECK_SYS(fcntl(reader, F_GETFL));
    const int flags_of_writer = CHECK_SYS(fcntl(writer, F_GETFL));
    const int flags_of_master = CHECK_SYS(fcntl(master, F_GETFL));

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(reader, F_GETFL), flags_of_reader);
    CHECK_EQ(fcntl(writer, F_GETFL), flags_of_writer);
    CHECK_EQ(fcntl(master, F_GETFL), flags_of_master);
    char byte = 0;
    CHECK_EQ(read(master, &byte, 1), -1);
    CHECK_EQ(errno, EAGAIN);
    zdtm::type(master, "x\n");
    CHECK_EQ(zdtm::read_some(reader), std::string("x\n"));
    zdtm::type(writer, "y");
    CHECK_EQ(zdtm::read_bytes(master, 4), std::string("x\r\ny"));
    zdtm::pass();
}
