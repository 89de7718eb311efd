// Each thread keeps its own I/O priority, class and level.
#include <linux/ioprio.h>

#include <array>

#include "threads.h"

namespace {

constexpr std::array<int, 4> kPriorities = {
    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 2),
    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0),
    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7),
    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 3),
};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const long own = CHECK_SYS(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0));
    zdtm::checkpoint_with_threads(
        kPriorities.size(),
        [](int i) { CHECK_SYS(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, kPriorities[i])); },
        [](int i) { CHECK_EQ(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0), kPriorities[i]); });
    CHECK_EQ(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0), own);
    zdtm::pass();
}
