// POSIX message queues that start a thread of the C library (SIGEV_THREAD) still do so: one that
// is empty, and one that is not. No thread is started by the checkpoint.
#include "notify_thread.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t empty = zdtm::make_unlinked_queue(1, 2, 100);
    const mqd_t used = zdtm::make_unlinked_queue(2, 4, 100);
    zdtm::put(used, 1, "one");
    zdtm::put(used, 2, "two");
    zdtm::start_thread_at(empty, 1);
    zdtm::start_thread_at(used, 10);
    zdtm::wait_for_helper();
    const std::string before = zdtm::queue_status(empty) + zdtm::queue_status(used);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::queue_status(empty) + zdtm::queue_status(used), before);
    CHECK_EQ(zdtm::told.load(), 0);
    zdtm::put(empty, 1, "hello");
    zdtm::wait_until([] { return zdtm::told == 1; });
    CHECK_EQ(zdtm::take(empty), "1:hello");
    CHECK_EQ(zdtm::take(used), "2:two");
    CHECK_EQ(zdtm::take(used), "1:one");
    zdtm::put(used, 3, "three");
    zdtm::wait_until([] { return zdtm::told == 11; });
    zdtm::start_thread_at(empty, 100);
    zdtm::put(empty, 1, "again");
    zdtm::wait_until([] { return zdtm::told == 111; });
    zdtm::pass();
}
