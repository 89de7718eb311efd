// Clients of servers outside of the tree are connected to their names again: a stream, and
// datagrams as for syslog(3).
#include "outsider.h"
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string stream_name = zdtm::path("stream");
    const std::string log_name = zdtm::path("log");
    const int listener = zdtm::listening_socket(SOCK_STREAM, stream_name);
    const int log = zdtm::bound_socket(SOCK_DGRAM, log_name);
    const zdtm::Outsider outsider([&] { zdtm::echo_all({listener, log}); });
    close(listener);
    close(log);
    const int stream = zdtm::connected_socket(SOCK_STREAM, stream_name);
    const int client = zdtm::bound_socket(SOCK_DGRAM, zdtm::abstract_name("client"));
    zdtm::connect_to(client, log_name);
    auto ask = [](int fd, const std::string& text) {
        zdtm::send_text(fd, text);
        std::string answer(100, '\0');
        answer.resize(static_cast<size_t>(CHECK_SYS(recv(fd, answer.data(), 100, 0))));
        CHECK_EQ(answer, text);
    };
    ask(stream, "before");
    ask(client, "before");

    zdtm::checkpoint_here();

    ask(stream, "after");
    ask(client, "after");
    CHECK_EQ(zdtm::peer_name_of(stream), stream_name);
    CHECK_EQ(zdtm::peer_name_of(client), log_name);
    CHECK_SYS(unlink(stream_name.c_str()));
    CHECK_SYS(unlink(log_name.c_str()));
    zdtm::pass();
}
