// What was written into both ends of a stream pair and not read yet comes out once and in order,
// and new data comes after it.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    std::string wanted;
    for (int i = 0; i < 50'000; i++) {
        wanted.push_back(static_cast<char>(i * 7 + i / 256));
    }
    zdtm::send_text(pair[0], wanted);
    zdtm::send_text(pair[1], "the other way");
    // A first part is gone before the checkpoint.
    CHECK_EQ(zdtm::receive_text(pair[1], 1'001), wanted.substr(0, 1'001));

    zdtm::checkpoint_here();

    zdtm::send_text(pair[0], "tail");
    CHECK(zdtm::receive_text(pair[1]) == wanted.substr(1'001) + "tail");
    CHECK_EQ(zdtm::receive_text(pair[0]), std::string("the other way"));
    zdtm::expect_nothing(pair[0]);
    zdtm::expect_nothing(pair[1]);
    zdtm::pass();
}
