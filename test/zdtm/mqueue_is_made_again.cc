// A POSIX message queue with a name that is gone from the kernel when the tree is restored is there
// again, under its name, and another that had lost the same name is beside it without one.
#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = zdtm::queue_name(1);
    const mqd_t old = zdtm::make_unlinked_queue(1, 2, 10);
    const mqd_t queue = zdtm::make_queue(name, 4, 100);
    zdtm::put(old, 9, "old");
    zdtm::put(queue, 1, "one");
    zdtm::put(queue, 2, "two");
    zdtm::put(queue, 1, "three");
    CHECK_SYS(fchown(queue, 12, 34));
    CHECK_SYS(fchmod(queue, 0640));
    zdtm::forget_queue(name);

    zdtm::checkpoint_here();

    const mqd_t again = CHECK_SYS(mq_open(name.c_str(), O_RDWR));

    struct stat st {};

    CHECK_SYS(fstat(again, &st));
    CHECK_EQ(st.st_mode & 07777, 0640);
    CHECK_EQ(st.st_uid, 12U);
    CHECK_EQ(st.st_gid, 34U);
    CHECK_EQ(zdtm::queue_attributes(again).mq_maxmsg, 4);
    CHECK_EQ(zdtm::queue_attributes(again).mq_msgsize, 100);
    CHECK_EQ(zdtm::take(again), "2:two");
    CHECK_EQ(zdtm::take(queue), "1:one");
    CHECK_EQ(zdtm::take(queue), "1:three");
    CHECK_EQ(zdtm::take(old), "9:old");
    CHECK_SYS(fstat(old, &st));
    CHECK_EQ(st.st_nlink, 0U);
    CHECK_SYS(mq_unlink(name.c_str()));
    zdtm::pass();
}
