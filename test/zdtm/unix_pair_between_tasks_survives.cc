// The ends of pairs in two tasks, each closed in the other, still lead to each other.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    constexpr int kTypes[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    auto* shared = zdtm::Shared::make();
    int pairs[3][2];
    for (int i = 0; i < 3; i++) {
        CHECK_SYS(socketpair(AF_UNIX, kTypes[i], 0, pairs[i]));
    }
    const pid_t child = zdtm::fork_child([&] {
        for (auto& pair : pairs) {
            close(pair[0]);
            zdtm::send_text(pair[1], "from the child");
        }
        shared->ready = 1;
        for (auto& pair : pairs) {
            std::string text(100, '\0');
            text.resize(static_cast<size_t>(CHECK_SYS(recv(pair[1], text.data(), 100, 0))));
            CHECK_EQ(text, std::string("from the parent"));
        }
    });
    for (auto& pair : pairs) {
        close(pair[1]);
    }
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    for (auto& pair : pairs) {
        CHECK_EQ(zdtm::receive_text(pair[0]), std::string("from the child"));
        zdtm::send_text(pair[0], "from the parent");
    }
    zdtm::expect_exit(child);
    for (int i : {0, 2}) {
        CHECK_EQ(zdtm::receive_text(pairs[i][0]), std::string());  // the end of the stream
    }
    zdtm::pass();
}
