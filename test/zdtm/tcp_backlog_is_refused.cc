// Connections that wait to be accepted are refused.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int listening = zdtm::listener(zdtm::loopback(AF_INET));
    const int client = zdtm::connected_to(zdtm::local_name(listening));

    zdtm::checkpoint_here();

    const int server = CHECK_SYS(accept(listening, nullptr, nullptr));
    zdtm::expect_both_ways(client, server);
    zdtm::pass();
}
