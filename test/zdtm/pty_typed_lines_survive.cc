// In canonical mode lines stay lines, an end of file stays one, and what is being typed can still
// be erased; nothing is echoed twice.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    zdtm::change_termios(pty.slave, [](termios& settings) { settings.c_cc[VEOL] = ';'; });
    // ^V quotes: an end-of-file character and a start-of-output character as text.
    const std::string typed = "one\ntwo\x04\x04three;fo\x16\x04\x16\x11ur\nunfinisheX";
    zdtm::type(pty.master, typed);
    const std::string echo = "one\r\ntwothree;fo^\b^D^\b^Qur\r\nunfinisheX";
    CHECK_EQ(zdtm::read_bytes(pty.master, 10), echo.substr(0, 10));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_bytes(pty.master, echo.size() - 10), echo.substr(10));
    zdtm::expect_nothing(pty.master);
    CHECK_EQ(zdtm::read_some(pty.slave), std::string("one\n"));
    CHECK_EQ(zdtm::read_some(pty.slave), std::string("two"));
    CHECK_EQ(zdtm::read_some(pty.slave), std::string());
    CHECK_EQ(zdtm::read_some(pty.slave), std::string("three;"));
    CHECK_EQ(zdtm::read_some(pty.slave), std::string("fo\x04\x11ur\n"));
    zdtm::expect_nothing(pty.slave);
    zdtm::type(pty.master,
               "\x7f"
               "d\n");
    CHECK_EQ(zdtm::read_some(pty.slave), std::string("unfinished\n"));
    CHECK_EQ(zdtm::read_some(pty.master), std::string("\b \bd\r\n"));
    zdtm::pass();
}
