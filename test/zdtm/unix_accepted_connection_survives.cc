// Connections that came through a listener keep their names, their data and the credentials that
// each side sees of the other: of the task that listened, and of the one that connected.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const std::string names[] = {zdtm::path("server"), zdtm::abstract_name("server")};
    int listeners[2];
    for (int i = 0; i < 2; i++) {
        listeners[i] = zdtm::listening_socket(SOCK_STREAM, names[i]);
    }
    const pid_t parent = getpid();
    pid_t children[3];
    for (pid_t& child : children) {
        child = zdtm::fork_child([&] {
            close(listeners[0]);
            close(listeners[1]);
            int clients[2];
            for (int i = 0; i < 2; i++) {
                clients[i] = zdtm::connected_socket(SOCK_STREAM, names[i]);
                zdtm::send_text(clients[i], std::to_string(getpid()));
            }
            shared->ready++;
            zdtm::wait_until([&] { return shared->go == 1; }, 60);
            for (int i = 0; i < 2; i++) {
                CHECK_EQ(zdtm::peer_name_of(clients[i]), names[i]);
                CHECK_EQ(zdtm::peer_of(clients[i]).pid, parent);
                CHECK_EQ(zdtm::receive_text(clients[i]), std::to_string(getpid()));
            }
        });
    }
    int servers[2][3];
    for (int i = 0; i < 2; i++) {
        for (int& server : servers[i]) {
            server = CHECK_SYS(accept(listeners[i], nullptr, nullptr));
        }
    }
    zdtm::wait_until([&] { return shared->ready == 3; });

    zdtm::checkpoint_here();

    for (int i = 0; i < 2; i++) {
        for (const int server : servers[i]) {
            CHECK_EQ(zdtm::name_of(server), names[i]);
            CHECK_EQ(zdtm::peer_name_of(server), std::string());
            // Its client is the one whose words are in it.
            const std::string pid = zdtm::receive_text(server);
            CHECK_EQ(std::to_string(zdtm::peer_of(server).pid), pid);
            zdtm::send_text(server, pid);
        }
    }
    shared->go = 1;
    for (const pid_t child : children) {
        zdtm::expect_exit(child);
    }
    CHECK_SYS(unlink(names[0].c_str()));
    zdtm::pass();
}
