// A queue that notifies by a netlink socket which its process has closed is refused, and its
// registration is still there.
#include <linux/netlink.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t queue = zdtm::make_unlinked_queue(1, 2, 100);
    const int netlink = CHECK_SYS(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    CHECK_SYS(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    char cookie[32] = {};
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_signo = netlink;
    event.sigev_value.sival_ptr = cookie;
    CHECK_SYS(syscall(SYS_mq_notify, queue, &event));
    CHECK_SYS(close(netlink));

    zdtm::checkpoint_here();

    CHECK(zdtm::queue_status(queue).find("NOTIFY:2") != std::string::npos);
    zdtm::pass();
}
