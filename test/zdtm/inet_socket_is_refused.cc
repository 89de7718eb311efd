// A listening TCP socket is refused, not carried yet.
#include <arpa/inet.h>
#include <sys/socket.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int listener = CHECK_SYS(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_SYS(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)));
    CHECK_SYS(listen(listener, 5));

    zdtm::checkpoint_here();

    int listening = 0;
    socklen_t size = sizeof(listening);
    CHECK_SYS(getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size));
    CHECK_EQ(listening, 1);
    zdtm::pass();
}
