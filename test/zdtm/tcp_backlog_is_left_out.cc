// With --skip-in-flight connections that wait to be accepted are left out; the listener goes on.
#include "inet.h"
#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int listening = zdtm::listener(zdtm::loopback(AF_INET));
    const zdtm::Address name = zdtm::local_name(listening);
    const zdtm::Outsider outsider([&] {
        close(listening);
        const int fd = zdtm::connected_to(name);
        zdtm::wait_until([] { return access(zdtm::path("result").c_str(), F_OK) == 0; }, 120);
        close(fd);
    });
    pollfd poll_fd = {listening, POLLIN, 0};
    CHECK_EQ(poll(&poll_fd, 1, 30'000), 1);

    zdtm::checkpoint_here();

    // The one that waited is there when there was no restore; then it comes before the new one.
    const int client = zdtm::connected_to(name);
    int server = CHECK_SYS(accept(listening, nullptr, nullptr));
    if (!(zdtm::peer_name(server) == zdtm::local_name(client))) {
        server = CHECK_SYS(accept(listening, nullptr, nullptr));
    }
    zdtm::expect_both_ways(client, server);
    zdtm::pass();
}
