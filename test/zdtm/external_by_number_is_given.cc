// Open files of kinds that have no name of their own are named external by task and number, and by
// a key at the restore: an eventfd, and one that could not be carried otherwise.
#include <linux/perf_event.h>
#include <sys/eventfd.h>

#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int counter = CHECK_SYS(eventfd(0, 0));
    perf_event_attr attributes = {};
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_DUMMY;
    const int perf = static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0UL));
    if (perf == -1) {
        zdtm::skip("perf_event_open(2) is not to be had");
    }
    const int same = CHECK_SYS(fcntl(counter, F_DUPFD, 30));
    const zdtm::Outsider outsider(zdtm::hold);
    outsider.give(counter);
    outsider.give(perf);
    zdtm::tell("counter", std::to_string(getpid()) + ":" + std::to_string(same));
    zdtm::tell("perf", std::to_string(getpid()) + ":" + std::to_string(perf));

    zdtm::checkpoint_here();

    CHECK(outsider.shares(counter, counter));
    CHECK(outsider.shares(same, counter));
    CHECK(outsider.shares(perf, perf));
    zdtm::pass();
}
