// In packet mode (O_DIRECT) each write is read as one packet: the boundaries of those that were
// not read yet stay, and a short read throws away the rest of its packet.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int fds[2];
    CHECK_SYS(pipe2(fds, O_DIRECT | O_CLOEXEC));
    const std::string big(4'096, 'b');
    for (const std::string& packet : {std::string("a"), std::string("second"), big,
                                      std::string("cut short"), std::string("last")}) {
        CHECK_EQ(write(fds[1], packet.data(), packet.size()), packet.size());
    }

    zdtm::checkpoint_here();

    char buffer[8'192];
    const auto read_packet = [&](size_t room) {
        return std::string(buffer, CHECK_SYS(read(fds[0], buffer, room)));
    };
    CHECK_EQ(read_packet(sizeof(buffer)), std::string("a"));
    CHECK_EQ(read_packet(sizeof(buffer)), std::string("second"));
    CHECK(read_packet(sizeof(buffer)) == big);
    CHECK_EQ(read_packet(3), std::string("cut"));
    CHECK_EQ(read_packet(sizeof(buffer)), std::string("last"));
    CHECK((fcntl(fds[1], F_GETFL) & O_DIRECT) != 0);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    CHECK_EQ(write(fds[1], "yz", 2), 2);
    CHECK_EQ(read_packet(sizeof(buffer)), std::string("x"));
    CHECK_EQ(read_packet(sizeof(buffer)), std::string("yz"));
    zdtm::pass();
}
