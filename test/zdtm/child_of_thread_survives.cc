// A child that was made by a thread other than the first is still a child of the task, also of one
// whose first thread has ended.
#include <pthread.h>

#include <thread>

#include "family.h"

namespace {

zdtm::Gate* gate;

pid_t fork_in_thread() {
    pid_t child = 0;
    std::thread([&child] { child = zdtm::fork_child([] { zdtm::stay_the_same(gate); }); }).join();
    return child;
}

// Its first thread is gone; the one that forked lives.
void headless_parent() {
    std::thread([] {
        const pid_t child = zdtm::fork_child([] { zdtm::stay_the_same(gate); });
        gate->wait();
        zdtm::expect_exit(child);
        _exit(45);
    }).detach();
    pthread_exit(nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    const pid_t headless = zdtm::fork_child(headless_parent);
    std::atomic<bool> over = false;
    pid_t held = 0;
    std::thread keeper([&] {
        held = zdtm::fork_child([] { zdtm::stay_the_same(gate); });
        gate->arrive();
        while (!over) {
            zdtm::sleep_ms(5);
        }
    });
    const pid_t handed_over = fork_in_thread();
    gate->expect(5);

    zdtm::checkpoint_here();

    gate->open();
    over = true;
    keeper.join();
    zdtm::expect_exit(held);
    zdtm::expect_exit(handed_over);
    zdtm::expect_exit(headless, 45);
    zdtm::pass();
}
