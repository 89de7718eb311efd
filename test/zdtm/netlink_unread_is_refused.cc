// A netlink socket with unread messages is refused.
#include <linux/netlink.h>

#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    nlmsghdr request{};
    request.nlmsg_len = sizeof request;
    request.nlmsg_type = NLMSG_NOOP;
    request.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    CHECK_EQ(send(fd, &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));

    zdtm::checkpoint_here();

    char answer[256];
    CHECK(recv(fd, answer, sizeof answer, MSG_DONTWAIT) > 0);
    zdtm::pass();
}
