// All sixteen resource limits of another user's task stay, lowered hard ones included.
#include <sys/resource.h>

#include <array>

#include "family.h"

namespace {

using Limits = std::array<rlimit, RLIM_NLIMITS>;

Limits current() {
    Limits limits = {};
    for (int i = 0; i < static_cast<int>(RLIM_NLIMITS); i++) {
        CHECK_SYS(getrlimit(static_cast<__rlimit_resource>(i), &limits[i]));
    }
    return limits;
}

void lower(__rlimit_resource what, rlim_t soft, rlim_t hard) {
    rlimit limit = {};
    CHECK_SYS(getrlimit(what, &limit));
    limit.rlim_max = std::min(limit.rlim_max, hard);
    limit.rlim_cur = std::min(limit.rlim_max, soft);
    CHECK_SYS(setrlimit(what, &limit));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([=] {
        lower(RLIMIT_CPU, 1000, 2000);
        lower(RLIMIT_FSIZE, 123'456, 234'567);
        lower(RLIMIT_DATA, 1 << 29, 1 << 30);
        lower(RLIMIT_STACK, 1 << 20, 1 << 22);
        lower(RLIMIT_CORE, 0, 12'345);
        lower(RLIMIT_NOFILE, 20, 77);
        lower(RLIMIT_AS, 1ull << 36, 1ull << 37);
        lower(RLIMIT_MEMLOCK, 8192, 16384);
        lower(RLIMIT_SIGPENDING, 3, 9);
        lower(RLIMIT_MSGQUEUE, 0, 4096);
        lower(RLIMIT_NICE, 0, 0);
        lower(RLIMIT_RTPRIO, 0, 0);
        lower(RLIMIT_NPROC, 5, 50);
        CHECK_SYS(setresgid(1000, 1000, 1000));
        CHECK_SYS(setresuid(1000, 1000, 1000));
        const Limits before = current();
        gate->wait();
        const Limits after = current();
        for (size_t i = 0; i < before.size(); i++) {
            CHECK_EQ(after[i].rlim_cur, before[i].rlim_cur);
            CHECK_EQ(after[i].rlim_max, before[i].rlim_max);
        }
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
