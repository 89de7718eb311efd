// A message that comes while the tree is not there starts its thread (SIGEV_THREAD) when it is
// back; one that comes later does, too.
#include "notify_thread.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = zdtm::queue_name(1);
    const mqd_t queue = zdtm::make_queue(name, 10, 100);
    zdtm::post_to_queue(name, "hello");
    zdtm::start_thread_at(queue, 42);
    zdtm::wait_for_helper();

    zdtm::checkpoint_here();

    if (zdtm::queue_attributes(queue).mq_curmsgs == 0) {
        zdtm::put(queue, 0, "hello");
    }
    zdtm::wait_until([] { return zdtm::told == 42; });
    while (zdtm::queue_attributes(queue).mq_curmsgs != 0) {
        CHECK_EQ(zdtm::take(queue), "0:hello");
    }
    zdtm::start_thread_at(queue, 100);
    zdtm::put(queue, 0, "again");
    zdtm::wait_until([] { return zdtm::told == 142; });
    CHECK_SYS(mq_unlink(name.c_str()));
    zdtm::pass();
}
