// A POSIX message queue without a name that a process outside of the tree has open, too, is
// refused, and keeps its messages.
#include "outsider.h"
#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t queue = zdtm::make_unlinked_queue(1, 2, 100);
    zdtm::put(queue, 1, "one");
    const zdtm::Outsider outsider([] { zdtm::hold(); });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::take(queue), "1:one");
    zdtm::pass();
}
