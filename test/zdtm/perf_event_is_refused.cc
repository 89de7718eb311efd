// A performance counter is refused; it counts on.
#include <linux/perf_event.h>
#include <sys/syscall.h>

#include <cstdint>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    perf_event_attr attributes = {};
    attributes.size = sizeof(attributes);
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.config = PERF_COUNT_SW_TASK_CLOCK;
    const int counter = static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
    if (counter == -1) {
        zdtm::skip("the kernel gives no performance counter");
    }

    zdtm::checkpoint_here();

    uint64_t count = 0;
    CHECK_EQ(read(counter, &count, sizeof(count)), sizeof(count));
    CHECK(count > 0);
    zdtm::pass();
}
