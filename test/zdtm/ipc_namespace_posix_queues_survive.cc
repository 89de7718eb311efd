// POSIX message queues in an IPC namespace of the tree's own: with what is in them, also the one
// that nobody has open.
#include <sched.h>

#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const mqd_t used = zdtm::make_queue("/.used", 4, 64);
    zdtm::put(used, 3, "hello");
    const mqd_t left = zdtm::make_queue("/.left", 5, 128);
    zdtm::put(left, 1, "second");
    zdtm::put(left, 2, "first");
    CHECK_SYS(fchmod(left, 0640));
    CHECK_SYS(mq_close(left));
    CHECK_SYS(mq_close(zdtm::make_queue("/.empty", 1, 1)));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::take(used), "3:hello");
    const mqd_t again = CHECK_SYS(mq_open("/.left", O_RDWR));
    const mq_attr attributes = zdtm::queue_attributes(again);
    CHECK_EQ(attributes.mq_maxmsg, 5);
    CHECK_EQ(attributes.mq_msgsize, 128);
    CHECK_EQ(attributes.mq_curmsgs, 2);

    struct stat st {};

    CHECK_SYS(fstat(again, &st));
    CHECK_EQ(st.st_mode & 0777, 0640u);
    CHECK_EQ(zdtm::take(again), "2:first");
    CHECK_EQ(zdtm::take(again), "1:second");
    for (const char* name : {"/.used", "/.left", "/.empty"})
        CHECK_SYS(mq_unlink(name));
    zdtm::pass();
}
