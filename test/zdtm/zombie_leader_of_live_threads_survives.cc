// A task whose first thread has ended while two others live on: it keeps its ids, its threads run,
// and its exit code is the one that the last thread gives.
#include <pthread.h>

#include <thread>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([=] {
        for (int i = 0; i < 2; i++) {
            std::thread([=] {
                zdtm::stay_the_same(gate);
                gate->arrive();
                gate->expect(4);
                _exit(213);
            }).detach();
        }
        pthread_exit(nullptr);
    });
    gate->expect(2);
    zdtm::wait_until([=] { return zdtm::thread_state(child) == 'Z'; });
    CHECK_EQ(waitpid(child, nullptr, WNOHANG), 0);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::thread_state(child), 'Z');
    CHECK_EQ(zdtm::field(zdtm::read_file("/proc/" + std::to_string(child) + "/status"), "Threads"),
             std::string("3"));
    CHECK_EQ(waitpid(child, nullptr, WNOHANG), 0);
    gate->open();
    zdtm::expect_exit(child, 213);
    zdtm::pass();
}
