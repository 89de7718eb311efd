// All resource limits of each task stay, soft and hard, with lowered ones that a restore has to
// get below: few descriptors, a small file size, little stack and no locked memory.
#include <sys/resource.h>

#include <array>

#include "zdtm.h"

namespace {

using Limits = std::array<rlimit, RLIM_NLIMITS>;

Limits all() {
    Limits limits = {};
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        CHECK_SYS(getrlimit(static_cast<__rlimit_resource>(i), &limits[i]));
    }
    return limits;
}

void check_same(const Limits& before) {
    const Limits after = all();
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        CHECK_EQ(after[i].rlim_cur, before[i].rlim_cur);
        CHECK_EQ(after[i].rlim_max, before[i].rlim_max);
    }
}

void lower(int resource, rlim_t soft, rlim_t hard) {
    const rlimit wanted = {soft, hard};
    CHECK_SYS(setrlimit(static_cast<__rlimit_resource>(resource), &wanted));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const Limits original = all();
    const pid_t child = zdtm::fork_child([&] {
        lower(RLIMIT_NOFILE, 3, 20);
        lower(RLIMIT_FSIZE, 100, 5000);
        lower(RLIMIT_STACK, 256 * 1024, 300 * 1024);
        lower(RLIMIT_MEMLOCK, 0, 0);
        lower(RLIMIT_CPU, 1000, 2000);
        lower(RLIMIT_SIGPENDING, 10, 11);
        lower(RLIMIT_MSGQUEUE, 0, 100);
        lower(RLIMIT_NICE, 0, 0);
        const Limits lowered = all();
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        check_same(lowered);
        CHECK_EQ(dup(0), -1);
        CHECK_EQ(errno, EMFILE);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    check_same(original);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
