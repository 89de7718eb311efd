// A tap device with a filter (TUNATTACHFILTER), whose program the kernel does not show.
#include <linux/filter.h>

#include "tun.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = zdtm::open_tun();
    zdtm::attach(fd, "zflt" + std::to_string(getpid()), IFF_TAP | IFF_NO_PI);
    sock_filter all = BPF_STMT(BPF_RET | BPF_K, 0xffff);
    sock_fprog program = {1, &all};
    CHECK_SYS(ioctl(fd, TUNATTACHFILTER, &program));
    zdtm::checkpoint_here();
    zdtm::pass();
}
