// A TCP connection to outside of the tree needs a permission.
#include "inet.h"
#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::Outsider outsider([&] {
        close(pair.server);
        zdtm::wait_until([] { return access(zdtm::path("result").c_str(), F_OK) == 0; }, 120);
    });
    close(pair.client);

    zdtm::checkpoint_here();

    char byte = 0;
    CHECK(recv(pair.server, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    zdtm::pass();
}
