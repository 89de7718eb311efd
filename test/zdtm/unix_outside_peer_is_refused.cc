// A pair whose other end is held by a process outside of the tree is refused; it goes on working.
#include "outsider.h"
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    const zdtm::Outsider outsider([&] {
        close(pair[0]);
        zdtm::echo_all({pair[1]});
    });
    close(pair[1]);

    zdtm::checkpoint_here();

    zdtm::send_text(pair[0], "are you there");
    char text[32] = {};
    CHECK_EQ(recv(pair[0], text, sizeof text, 0), 13);
    CHECK_EQ(std::string(text), std::string("are you there"));
    zdtm::pass();
}
