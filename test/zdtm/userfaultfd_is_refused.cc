// A userfaultfd with a registered area is refused.
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));
    if (fd == -1) {
        zdtm::skip("the kernel gives no userfaultfd");
    }
    uffdio_api api = {};
    api.api = UFFD_API;
    CHECK_SYS(ioctl(fd, UFFDIO_API, &api));
    void* area =
        CHECK_SYS(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    uffdio_register registered = {};
    registered.range.start = reinterpret_cast<uintptr_t>(area);
    registered.range.len = 4096;
    registered.mode = UFFDIO_REGISTER_MODE_MISSING;
    CHECK_SYS(ioctl(fd, UFFDIO_REGISTER, &registered));

    zdtm::checkpoint_here();

    uffdio_range range = registered.range;
    CHECK_SYS(ioctl(fd, UFFDIO_UNREGISTER, &range));
    zdtm::pass();
}
