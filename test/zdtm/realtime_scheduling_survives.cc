// A thread of a real-time policy keeps it and its priority; its neighbours keep theirs.
#include <sched.h>

#include <array>

#include "threads.h"

namespace {

constexpr std::array<int, 3> kPolicies = {SCHED_FIFO, SCHED_RR, SCHED_OTHER};

sched_param priority_of(int index) {
    sched_param param = {};
    param.sched_priority = kPolicies[index] == SCHED_OTHER ? 0 : 3 + index;
    return param;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const sched_param low = {1};
    if (sched_setscheduler(0, SCHED_FIFO, &low) != 0) {
        zdtm::skip("real-time policies are not allowed here");
    }
    const sched_param none = {};
    CHECK_SYS(sched_setscheduler(0, SCHED_OTHER, &none));
    zdtm::checkpoint_with_threads(
        kPolicies.size(),
        [](int i) {
            const sched_param param = priority_of(i);
            CHECK_SYS(sched_setscheduler(0, kPolicies[i], &param));
        },
        [](int i) {
            sched_param param = {};
            CHECK_SYS(sched_getparam(0, &param));
            CHECK_EQ(sched_getscheduler(0), kPolicies[i]);
            CHECK_EQ(param.sched_priority, priority_of(i).sched_priority);
        });
    zdtm::pass();
}
