// Both directions of a pair in raw mode keep what nobody has read yet, whatever bytes it is.
#include "pty.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    zdtm::make_raw(pty.slave);
    std::string input = "input";
    std::string output = "output";
    for (int byte = 0; byte < 256; byte++) {
        input += static_cast<char>(byte);
        output += static_cast<char>(255 - byte);
    }
    zdtm::type(pty.master, input);
    zdtm::type(pty.slave, output);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_bytes(pty.slave, input.size()), input);
    CHECK_EQ(zdtm::read_bytes(pty.master, output.size()), output);
    zdtm::type(pty.master, "more");
    CHECK_EQ(zdtm::read_some(pty.slave), std::string("more"));
    zdtm::expect_nothing(pty.slave);
    zdtm::expect_nothing(pty.master);
    zdtm::pass();
}
