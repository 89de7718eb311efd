// TCP connections whose other end is outside of the tree go on: the outsider sends all the time,
// also while there is nobody to hear it, and gets back what it sent. One other end has closed.
#include "inet.h"
#include "outsider.h"

namespace {

// What the outsider has inherited but for its own end, which else would stay open in two places.
void keep_only(int fd) {
    CHECK_SYS(close_range(3, static_cast<unsigned>(fd) - 1, 0));
    CHECK_SYS(close_range(static_cast<unsigned>(fd) + 1, ~0U, 0));
}

// Sends numbered lines without end, and checks that they come back in order.
void drive(int fd) {
    keep_only(fd);
    int sent = 0;
    int got = 0;
    std::string pending;
    const double end = zdtm::now() + 120;
    while (zdtm::now() < end && access(zdtm::path("result").c_str(), F_OK) != 0) {
        const std::string line = std::to_string(sent++) + "\n";
        CHECK(send(fd, line.data(), line.size(), MSG_NOSIGNAL) > 0);
        char text[4096];
        const ssize_t bytes = recv(fd, text, sizeof text, MSG_DONTWAIT);
        CHECK(bytes > 0 || (bytes == -1 && errno == EAGAIN) ||
              access(zdtm::path("result").c_str(), F_OK) == 0);
        pending.append(text, static_cast<size_t>(std::max<ssize_t>(bytes, 0)));
        for (size_t at = 0; (at = pending.find('\n')) != std::string::npos;) {
            CHECK_EQ(std::stoi(pending.substr(0, at)), got);
            got++;
            pending.erase(0, at + 1);
        }
        zdtm::sleep_ms(5);
    }
}

void expect_lines(int fd, int lines, int& next) {
    std::string pending;
    while (lines > 0) {
        char byte = 0;
        CHECK_EQ(recv(fd, &byte, 1, 0), 1);
        CHECK(send(fd, &byte, 1, MSG_NOSIGNAL) == 1);
        if (byte != '\n') {
            pending += byte;
            continue;
        }
        CHECK_EQ(std::stoi(pending), next);
        pending.clear();
        next++;
        lines--;
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair v4 = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair v6 = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::TcpPair gone = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    const zdtm::TcpPair gone6 = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    const zdtm::Outsider first([&] { drive(v4.client); });
    const zdtm::Outsider second([&] { drive(v6.client); });
    for (const int fd : {gone.client, gone6.client}) {
        zdtm::send_text(fd, "bye");
    }
    for (const int fd : {v4.client, v6.client}) {
        close(fd);
    }
    for (const zdtm::TcpPair& pair : {gone, gone6}) {
        const int keeper = pair.client;
        const zdtm::Outsider third([=] {
            keep_only(keeper);
            shutdown(keeper, SHUT_WR);
            zdtm::wait_until([] { return access(zdtm::path("result").c_str(), F_OK) == 0; }, 120);
        });
        close(keeper);
        zdtm::wait_until([&] { return zdtm::tcp_state(pair.server) == TCP_CLOSE_WAIT; });
    }
    int next4 = 0;
    int next6 = 0;
    expect_lines(v4.server, 20, next4);
    expect_lines(v6.server, 20, next6);

    zdtm::checkpoint_here();

    expect_lines(v4.server, 100, next4);
    expect_lines(v6.server, 100, next6);
    for (const int fd : {gone.server, gone6.server}) {
        CHECK_EQ(zdtm::tcp_state(fd), TCP_CLOSE_WAIT);
        zdtm::expect_text(fd, "bye");
        zdtm::expect_end(fd);
    }
    zdtm::pass();
}
