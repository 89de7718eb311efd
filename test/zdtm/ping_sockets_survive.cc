// Ping sockets (SOCK_DGRAM of ICMP): their number, by which the kernel finds them, and options.
#include <netinet/ip_icmp.h>

#include "inet.h"

namespace {

void expect_echo(int fd, uint16_t sequence) {
    icmphdr request{};
    request.type = ICMP_ECHO;
    request.un.echo.sequence = htons(sequence);
    CHECK_EQ(send(fd, &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));
    icmphdr answer{};
    CHECK_EQ(recv(fd, &answer, sizeof answer, 0), static_cast<ssize_t>(sizeof answer));
    CHECK_EQ(answer.type, ICMP_ECHOREPLY);
    CHECK_EQ(answer.un.echo.sequence, htons(sequence));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
    if (fd == -1) {
        zdtm::skip("net.ipv4.ping_group_range allows no ping sockets");
    }
    const zdtm::Address to = zdtm::loopback(AF_INET);
    CHECK_SYS(connect(fd, to.raw(), to.size()));
    zdtm::set_option(fd, IPPROTO_IP, IP_RECVTTL, 1);
    expect_echo(fd, 1);
    const zdtm::Address name = zdtm::local_name(fd);

    zdtm::checkpoint_here();

    CHECK(zdtm::local_name(fd) == name);
    CHECK_EQ(zdtm::get_option(fd, IPPROTO_IP, IP_RECVTTL), 1);
    expect_echo(fd, 2);
    zdtm::pass();
}
