// Datagrams from several senders keep their order and say who sent them, also when the sender is
// gone; whoever is connected to a name stays so.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string path = zdtm::path("server");
    const std::string first_name = zdtm::abstract_name("first");
    const int server = zdtm::bound_socket(SOCK_DGRAM, path);
    const int first = zdtm::bound_socket(SOCK_DGRAM, first_name);
    const int second = zdtm::bound_socket(SOCK_DGRAM, zdtm::path("second"));
    const int nameless = zdtm::unix_socket(SOCK_DGRAM);
    for (const int client : {first, second, nameless}) {
        zdtm::connect_to(client, path);
    }
    zdtm::send_text(first, "1");
    zdtm::send_text(nameless, "2");
    zdtm::send_text(second, "3");
    zdtm::send_text(first, "4");
    CHECK_SYS(close(second));
    CHECK_SYS(unlink(zdtm::path("second").c_str()));
    // From now on only the first one may send.
    zdtm::connect_to(server, first_name);

    zdtm::checkpoint_here();

    const std::string senders[] = {first_name, "", zdtm::path("second"), first_name};
    for (int i = 0; i < 4; i++) {
        const zdtm::Message message = zdtm::receive_message(server);
        CHECK_EQ(message.text, std::to_string(i + 1));
        CHECK_EQ(message.sender, senders[i]);
    }
    zdtm::expect_nothing(server);
    CHECK_EQ(zdtm::peer_name_of(server), first_name);
    CHECK_EQ(zdtm::peer_name_of(nameless), path);
    zdtm::send_text(first, "5");
    CHECK_EQ(zdtm::receive_text(server), std::string("5"));
    CHECK_EQ(send(nameless, "x", 1, MSG_NOSIGNAL), -1);
    CHECK_EQ(errno, EPERM);
    zdtm::send_text(server, "answer");
    CHECK_EQ(zdtm::receive_message(first).sender, path);
    CHECK_SYS(unlink(path.c_str()));
    zdtm::pass();
}
