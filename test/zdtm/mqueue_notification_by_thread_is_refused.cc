// A POSIX message queue that is to start a thread (SIGEV_THREAD) is refused, and still does so.
#include <signal.h>
#include <sys/syscall.h>

#include <atomic>
#include <filesystem>

#include "queues.h"

namespace {

std::atomic<int> told = 0;

void tell(sigval value) {
    told = value.sival_int;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t queue = zdtm::make_unlinked_queue(1, 2, 100);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_notify_function = tell;
    event.sigev_value.sival_int = 42;
    CHECK_SYS(mq_notify(queue, &event));
    // The C library's own thread, which waits for the kernel's word.
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        const pid_t tid = std::stoi(entry.path().filename());
        if (tid != getpid()) {
            zdtm::wait_in_syscall(tid, SYS_recvfrom);
        }
    }

    zdtm::checkpoint_here();

    zdtm::put(queue, 1, "one");
    zdtm::wait_until([] { return told == 42; });
    zdtm::pass();
}
