// Threads that are inside the vdso most of the time (reading clocks and the CPU number without a
// pause) go on: the monotonic clock never steps back, and no value is torn.
#include <sched.h>

#include "threads.h"

namespace {

std::atomic<bool> stop;
std::atomic<int> rounds[3];

void read_clocks(int i) {
    double last = zdtm::now();
    unsigned cpu = 0;
    while (!stop) {
        const double time = zdtm::now(i == 2 ? CLOCK_MONOTONIC_COARSE : CLOCK_MONOTONIC);
        CHECK(i == 2 || time >= last);
        CHECK(time < last + 600 && time > last - 1);
        CHECK_SYS(getcpu(&cpu, nullptr));
        CHECK(cpu < CPU_SETSIZE);
        last = time;
        rounds[i]++;
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::thread threads[] = {std::thread(read_clocks, 0), std::thread(read_clocks, 1),
                             std::thread(read_clocks, 2)};
    zdtm::wait_until([] { return rounds[0] > 1000 && rounds[1] > 1000 && rounds[2] > 1000; });

    zdtm::checkpoint_here();

    const int before = rounds[0];
    zdtm::wait_until([&] { return rounds[0] > before + 1000; });
    stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    zdtm::pass();
}
