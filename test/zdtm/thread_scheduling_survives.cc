// Each thread keeps its scheduling policy, its nice value and its set of CPUs.
#include <sched.h>
#include <sys/resource.h>

#include <array>

#include "threads.h"

namespace {

struct Case {
    int policy;
    int nice;
    bool first_cpu_only;
};

constexpr std::array<Case, 6> kCases = {{
    {SCHED_OTHER, 0, false},
    {SCHED_OTHER, 7, true},
    {SCHED_BATCH, 3, false},
    {SCHED_IDLE, 0, false},
    {SCHED_OTHER, 19, false},
    {SCHED_BATCH | SCHED_RESET_ON_FORK, 1, true},
}};

int cpu_count() {
    cpu_set_t set;
    CHECK_SYS(sched_getaffinity(0, sizeof(set), &set));
    return CPU_COUNT(&set);
}

void set(const Case& wanted) {
    const sched_param none = {};
    CHECK_SYS(sched_setscheduler(0, wanted.policy, &none));
    CHECK_SYS(setpriority(PRIO_PROCESS, static_cast<id_t>(zdtm::thread_id()), wanted.nice));
    if (wanted.first_cpu_only) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(0, &one);
        CHECK_SYS(sched_setaffinity(0, sizeof(one), &one));
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int all = cpu_count();
    zdtm::checkpoint_with_threads(
        kCases.size(), [](int i) { set(kCases[i]); },
        [&](int i) {
            CHECK_EQ(sched_getscheduler(0), kCases[i].policy);
            CHECK_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(zdtm::thread_id())),
                     kCases[i].nice);
            CHECK_EQ(cpu_count(), kCases[i].first_cpu_only ? 1 : all);
        });
    CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
    CHECK_EQ(cpu_count(), all);
    zdtm::pass();
}
