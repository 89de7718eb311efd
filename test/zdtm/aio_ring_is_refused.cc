// A ring of Linux AIO is not carried; a dump says so and leaves the task as it was.
#include <linux/aio_abi.h>
#include <sys/syscall.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    aio_context_t context = 0;
    if (syscall(SYS_io_setup, 8, &context) != 0) {
        zdtm::skip("this kernel has no Linux AIO");
    }

    zdtm::checkpoint_here();

    CHECK_EQ(syscall(SYS_io_getevents, context, 0, 1, nullptr, nullptr), 0);
    CHECK_SYS(syscall(SYS_io_destroy, context));
    zdtm::pass();
}
