// A server whose clients are outside of the tree and come one after the other without a pause: some
// have always just connected when the tree is stopped, and do not stand against its dump.
#include <signal.h>
#include <sys/wait.h>

#include "inet.h"
#include "outsider.h"

namespace {

constexpr int kClients = 8;

// Accepts and closes.
void serve(int listening, std::atomic<int64_t>& served) {
    for (;;) {
        close(CHECK_SYS(accept(listening, nullptr, nullptr)));
        served++;
    }
}

// Connects, and waits for the end of the connection; or for a server where there is none.
void come_again(const zdtm::Address& server) {
    CHECK_SYS(close_range(3, ~0U, 0));
    const double end = zdtm::now() + 120;
    while (!zdtm::is_over(end)) {
        const int fd = CHECK_SYS(socket(AF_INET, SOCK_STREAM, 0));
        char byte = 0;
        if (connect(fd, server.raw(), server.size()) == 0)
            recv(fd, &byte, 1, 0);
        close(fd);
        zdtm::sleep_ms(1);
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    // Connections that the server has closed hold its port for a while, as for any server.
    const int listening = CHECK_SYS(socket(AF_INET, SOCK_STREAM, 0));
    zdtm::set_option(listening, SOL_SOCKET, SO_REUSEADDR, 1);
    const zdtm::Address any_port = zdtm::loopback(AF_INET);
    CHECK_SYS(bind(listening, any_port.raw(), any_port.size()));
    CHECK_SYS(listen(listening, 2 * kClients));
    const zdtm::Address name = zdtm::local_name(listening);
    const pid_t server = zdtm::fork_child([&] { serve(listening, shared->slot[0]); });
    for (int i = 0; i < kClients; i++)
        zdtm::Outsider client([&] { come_again(name); });
    zdtm::wait_until([&] { return shared->slot[0] > 100; });

    zdtm::checkpoint_here();

    const int64_t before = shared->slot[0];
    zdtm::wait_until([&] { return shared->slot[0] > before + 100; });
    CHECK_SYS(kill(server, SIGKILL));
    CHECK_SYS(waitpid(server, nullptr, 0));
    zdtm::pass();
}
