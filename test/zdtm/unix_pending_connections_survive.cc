// Connections that nobody has accepted yet are accepted in their order.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string names[] = {zdtm::path("server"), zdtm::abstract_name("server")};
    int listeners[2];
    int clients[2][4];
    for (int i = 0; i < 2; i++) {
        listeners[i] = zdtm::listening_socket(SOCK_STREAM, names[i], 3);
        for (int& client : clients[i]) {
            client = zdtm::connected_socket(SOCK_STREAM, names[i]);
        }
    }
    // The last one but one gives its number away, so that order and numbers differ.
    const int spare = CHECK_SYS(dup(clients[0][2]));
    CHECK_SYS(dup2(clients[0][0], clients[0][2]));
    CHECK_SYS(dup2(spare, clients[0][0]));

    zdtm::checkpoint_here();

    const int order[] = {2, 1, 0, 3};
    for (int i = 0; i < 2; i++) {
        for (int at = 0; at < 4; at++) {
            const int server = CHECK_SYS(accept4(listeners[i], nullptr, nullptr, SOCK_NONBLOCK));
            const int client = clients[i][i == 0 ? order[at] : at];
            zdtm::send_text(client, "it is me");
            CHECK_EQ(zdtm::receive_text(server), std::string("it is me"));
            CHECK_EQ(zdtm::peer_name_of(client), names[i]);
        }
    }
    CHECK_SYS(unlink(names[0].c_str()));
    zdtm::pass();
}
