// A POSIX message queue with a name that stays in the kernel is used again, with what is in it.
#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = zdtm::queue_name(1);
    const mqd_t queue = zdtm::make_queue(name, 4, 100);
    zdtm::put(queue, 1, "one");
    zdtm::put(queue, 2, "two");
    zdtm::put(queue, 1, "three");

    struct stat before {};

    CHECK_SYS(fstat(queue, &before));

    zdtm::checkpoint_here();

    struct stat after {};

    CHECK_SYS(fstat(queue, &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    CHECK_EQ(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    CHECK_EQ(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
    const mqd_t again = CHECK_SYS(mq_open(name.c_str(), O_RDWR));
    CHECK_EQ(zdtm::take(again), "2:two");
    CHECK_EQ(zdtm::take(queue), "1:one");
    CHECK_EQ(zdtm::take(queue), "1:three");
    CHECK_SYS(mq_unlink(name.c_str()));
    zdtm::pass();
}
