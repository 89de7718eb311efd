// Queues that were filled up until a write would have to wait lose and repeat nothing.
#include "pty.h"

namespace {

std::string fill_up(int fd) {
    std::string all;
    for (int number = 0; (zdtm::ready(fd, POLLOUT) & POLLOUT) != 0; number++) {
        const std::string text = std::to_string(number) + " ";
        zdtm::type(fd, text);
        all += text;
        if (number % 500 == 0) {
            zdtm::sleep_ms(5);
        }
    }
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty pty = zdtm::open_pty();
    zdtm::make_raw(pty.slave);
    const std::string input = fill_up(pty.master);
    const std::string output = fill_up(pty.slave);
    CHECK(input.size() > 4096 && output.size() > 4096);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::read_bytes(pty.slave, input.size()), input);
    CHECK_EQ(zdtm::read_bytes(pty.master, output.size()), output);
    zdtm::expect_nothing(pty.slave);
    zdtm::expect_nothing(pty.master);
    zdtm::pass();
}
