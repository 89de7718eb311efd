// A POSIX message queue in the tree's own IPC namespace would end with it: it is refused, also when
// nobody has it open.
#include <mqueue.h>
#include <sched.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const mqd_t queue = CHECK_SYS(mq_open("/.left", O_RDWR | O_CREAT | O_EXCL, 0600, nullptr));
    CHECK_SYS(mq_send(queue, "hello", 5, 3));
    CHECK_SYS(mq_close(queue));

    zdtm::checkpoint_here();

    CHECK_SYS(mq_unlink("/.left"));
    zdtm::pass();
}
