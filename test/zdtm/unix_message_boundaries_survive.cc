// Datagrams and packets that wait to be read keep their boundaries.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string long_one(70'000, 'y');
    int pairs[2][2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, pairs[0]));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pairs[1]));
    for (auto& pair : pairs) {
        zdtm::send_text(pair[0], "one");
        zdtm::send_text(pair[0], long_one);
        zdtm::send_text(pair[0], "three");
        zdtm::send_text(pair[1], "back");
    }

    zdtm::checkpoint_here();

    for (auto& pair : pairs) {
        CHECK_EQ(zdtm::receive_text(pair[1]), std::string("one"));
        CHECK(zdtm::receive_text(pair[1]) == long_one);
        CHECK_EQ(zdtm::receive_text(pair[1]), std::string("three"));
        zdtm::expect_nothing(pair[1]);
        CHECK_EQ(zdtm::receive_text(pair[0]), std::string("back"));
        zdtm::expect_nothing(pair[0]);
    }
    zdtm::pass();
}
