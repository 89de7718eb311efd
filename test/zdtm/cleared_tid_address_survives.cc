// The address that the kernel clears and wakes at the end of a thread stays the thread's own: a
// join waits until the very end of the thread, and a raw address set by a child is cleared.
#include <linux/futex.h>

#include "threads.h"

namespace {

void child_part(zdtm::Shared* shared) {
    auto* word = reinterpret_cast<int*>(&shared->slot[0]);
    *word = static_cast<int>(syscall(SYS_set_tid_address, word));
    shared->ready = 1;
    zdtm::wait_until([&] { return shared->go == 1; }, 600);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    // The kernel clears the word only if other tasks use the same memory; a vfork-like child would
    // share all of it, so a second thread of the child keeps its memory in use.
    const pid_t child = zdtm::fork_child([&] {
        std::thread([&] { child_part(shared); }).detach();
        zdtm::wait_until([&] { return shared->go == 2; }, 600);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    auto* word = reinterpret_cast<std::atomic<int>*>(&shared->slot[0]);
    const int tid = *word;
    CHECK(tid > 0);

    zdtm::checkpoint_with_threads(
        4, [](int) {}, [](int) { zdtm::sleep_ms(5); });

    CHECK_EQ(*word, tid);
    shared->go = 1;
    zdtm::wait_until([&] { return *word == 0; });
    shared->go = 2;
    zdtm::expect_exit(child);
    zdtm::pass();
}
