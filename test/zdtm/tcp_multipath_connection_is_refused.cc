// A connection of MPTCP is refused: repair mode knows nothing of it.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int probe = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
    if (probe == -1) {
        zdtm::skip("this kernel has no MPTCP");
    }
    const int listening = zdtm::listener(zdtm::loopback(AF_INET), IPPROTO_MPTCP);
    const zdtm::Address name = zdtm::local_name(listening);
    CHECK_SYS(connect(probe, name.raw(), name.size()));
    const int server = CHECK_SYS(accept(listening, nullptr, nullptr));

    zdtm::checkpoint_here();

    zdtm::expect_both_ways(probe, server);
    zdtm::pass();
}
