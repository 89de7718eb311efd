// An io_uring, whose queues live in the kernel, is refused; the ring works on.
#include <linux/io_uring.h>
#include <sys/syscall.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    io_uring_params params = {};
    const int ring = static_cast<int>(syscall(SYS_io_uring_setup, 4, &params));
    if (ring == -1) {
        zdtm::skip("the kernel gives no io_uring");
    }

    zdtm::checkpoint_here();

    CHECK_EQ(syscall(SYS_io_uring_enter, ring, 0, 0, 0, nullptr, 0), 0);
    zdtm::pass();
}
