// A process whose first thread has ended with pthread_exit goes on in its other threads: the
// leader is still a zombie that holds the process id, and the exit code is what exit says.
#include <pthread.h>

#include <thread>

#include "zdtm.h"

namespace {

char leader_state() {
    return zdtm::thread_state(getpid());
}

void second(pid_t process) {
    zdtm::wait_until([] { return leader_state() == 'Z'; });

    zdtm::checkpoint_here();

    CHECK_EQ(getpid(), process);
    CHECK_EQ(leader_state(), 'Z');
    CHECK_EQ(zdtm::field(zdtm::read_file("/proc/thread-self/status"), "Threads"), "3");
    std::thread([] { CHECK_EQ(leader_state(), 'Z'); }).join();
    zdtm::pass();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::thread(second, getpid()).detach();
    std::thread([] { zdtm::sleep_ms(1'000'000); }).detach();
    pthread_exit(nullptr);
}
