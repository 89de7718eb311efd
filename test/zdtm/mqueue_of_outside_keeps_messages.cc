// A POSIX message queue that a process outside of the tree has open, too, is used again, with what
// is in it by then.
#include "outsider.h"
#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = zdtm::queue_name(1);
    const mqd_t queue = zdtm::make_queue(name, 2, 100);
    zdtm::put(queue, 1, "one");
    zdtm::put(queue, 2, "two");
    const zdtm::Outsider outsider([&] {
        CHECK_SYS(mq_send(queue, "three", 5, 3));
        zdtm::hold();
    });
    zdtm::wait_in_syscall(outsider.pid, SYS_mq_timedsend);

    zdtm::checkpoint_here();

    zdtm::wait_in_syscall(outsider.pid, SYS_mq_timedsend);
    CHECK_EQ(zdtm::take(queue), "2:two");
    CHECK_EQ(zdtm::take(queue), "3:three");
    CHECK_EQ(zdtm::take(queue), "1:one");
    CHECK_SYS(mq_unlink(name.c_str()));
    zdtm::pass();
}
