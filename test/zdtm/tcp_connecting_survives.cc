// A connection that nobody has answered yet is asked for again, and comes about when somebody does.
#include "inet.h"
#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int listening = zdtm::bound_socket(zdtm::loopback(AF_INET));
    // One that waits fills it; the kernel drops what asks for more.
    CHECK_SYS(listen(listening, 0));
    const zdtm::Address name = zdtm::local_name(listening);
    const zdtm::Outsider outsider([&] {
        const int first = zdtm::connected_to(name);
        close(CHECK_SYS(open(zdtm::path("full").c_str(), O_CREAT | O_WRONLY, 0666)));
        zdtm::wait_until([] { return access(zdtm::path("go").c_str(), F_OK) == 0; }, 120);
        close(CHECK_SYS(accept(listening, nullptr, nullptr)));
        close(first);
        zdtm::echo_all({listening});
    });
    close(listening);
    zdtm::wait_until([] { return access(zdtm::path("full").c_str(), F_OK) == 0; });
    const int fd = CHECK_SYS(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    CHECK(connect(fd, name.raw(), name.size()) == -1 && errno == EINPROGRESS);
    const zdtm::Address local = zdtm::local_name(fd);
    CHECK_EQ(zdtm::tcp_state(fd), TCP_SYN_SENT);

    zdtm::checkpoint_here();

    CHECK(zdtm::local_name(fd) == local);
    pollfd poll_fd = {fd, POLLOUT, 0};
    CHECK_EQ(poll(&poll_fd, 1, 30'000), 1);
    CHECK_EQ(zdtm::get_option(fd, SOL_SOCKET, SO_ERROR), 0);
    CHECK(zdtm::peer_name(fd) == name);
    zdtm::send_text(fd, "hello");
    CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
    zdtm::expect_text(fd, "hello");
    zdtm::pass();
}
