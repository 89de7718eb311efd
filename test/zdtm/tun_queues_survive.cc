// A persistent tun interface with two queues, one of them detached, a tun interface with protocol
// information, and a device without an interface: they are what they were, and stay or go as
// before.
#include "tun.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string shared = "zmq" + std::to_string(getpid());
    const std::string plain = "ztun" + std::to_string(getpid());
    const int unused = zdtm::open_tun();
    const int waiting = zdtm::open_tun();
    const int working = zdtm::open_tun();
    const int verbose = zdtm::open_tun();
    zdtm::attach(waiting, shared, IFF_TUN | IFF_MULTI_QUEUE | IFF_NO_PI);
    zdtm::attach(working, shared, IFF_TUN | IFF_MULTI_QUEUE | IFF_NO_PI);
    CHECK_SYS(ioctl(working, TUNSETPERSIST, 1));
    const int sndbuf = 100'000;
    CHECK_SYS(ioctl(working, TUNSETSNDBUF, &sndbuf));
    ifreq request = {};
    request.ifr_flags = IFF_DETACH_QUEUE;
    CHECK_SYS(ioctl(waiting, TUNSETQUEUE, &request));
    zdtm::attach(verbose, plain, IFF_TUN);
    CHECK_EQ(zdtm::link_text(plain, "tun_flags"), "0x1\n");
    const unsigned waiting_flags = zdtm::tun_flags(waiting, shared);
    const unsigned working_flags = zdtm::tun_flags(working, shared);
    CHECK_EQ(waiting_flags, working_flags | IFF_DETACH_QUEUE);

    zdtm::checkpoint_here();

    CHECK(ioctl(unused, TUNGETIFF, &request) == -1 && errno == EBADFD);
    CHECK_EQ(zdtm::tun_flags(waiting, shared), waiting_flags);
    CHECK_EQ(zdtm::tun_flags(working, shared), working_flags);
    CHECK_EQ(zdtm::tun_number(waiting, TUNGETSNDBUF), sndbuf);
    CHECK_EQ(zdtm::tun_number(working, TUNGETSNDBUF), sndbuf);
    // TUNGETIFF cannot tell whether packets begin with their protocol.
    CHECK_EQ(zdtm::link_text(plain, "tun_flags"), "0x1\n");
    request.ifr_flags = IFF_ATTACH_QUEUE;
    CHECK_SYS(ioctl(waiting, TUNSETQUEUE, &request));
    CHECK_EQ(zdtm::tun_flags(waiting, shared), working_flags);
    zdtm::attach(unused, "zx" + std::to_string(getpid()), IFF_TAP);
    CHECK_SYS(close(verbose));
    CHECK_EQ(if_nametoindex(plain.c_str()), 0U);
    CHECK_SYS(close(waiting));
    CHECK_SYS(close(working));
    CHECK(if_nametoindex(shared.c_str()) != 0);
    const int last = zdtm::open_tun();
    zdtm::attach(last, shared, IFF_TUN | IFF_MULTI_QUEUE | IFF_NO_PI);
    CHECK_SYS(ioctl(last, TUNSETPERSIST, 0));
    zdtm::pass();
}
