// All threads of a stopped task are stopped, and all go on; a signal that came during the stop is
// delivered only then.
#include <array>
#include <thread>

#include "family.h"

namespace {

constexpr int kThreads = 4;

void count(zdtm::Shared* shared, int slot) {
    while (shared->go == 0) {
        shared->slot[slot]++;
        zdtm::sleep_ms(1);
    }
}

std::array<int64_t, kThreads> counts(zdtm::Shared* shared) {
    std::array<int64_t, kThreads> seen = {};
    for (int i = 0; i < kThreads; i++) {
        seen[i] = shared->slot[i];
    }
    return seen;
}

bool all_above(zdtm::Shared* shared, const std::array<int64_t, kThreads>& seen) {
    for (int i = 0; i < kThreads; i++) {
        if (shared->slot[i] <= seen[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Shared* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([=] {
        std::thread threads[kThreads];
        for (int i = 0; i < kThreads; i++) {
            threads[i] = std::thread(count, shared, i);
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    });
    zdtm::wait_until([=] { return all_above(shared, {}); });
    CHECK_SYS(kill(child, SIGSTOP));
    CHECK_EQ(waitpid(child, nullptr, WUNTRACED), child);
    const auto before = counts(shared);
    CHECK_SYS(kill(child, SIGTERM));

    zdtm::checkpoint_here();

    CHECK(counts(shared) == before);
    zdtm::sleep_ms(50);
    CHECK(counts(shared) == before);
    CHECK_EQ(zdtm::thread_state(child), 'T');
    CHECK_SYS(kill(child, SIGCONT));
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, SIGTERM);
    zdtm::pass();
}
