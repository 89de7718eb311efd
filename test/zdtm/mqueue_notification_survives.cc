// Who has asked to be notified by a POSIX message queue (mq_notify) still is: by a signal with its
// value, of a queue that is empty and of one that is not, and by nothing at all. No signal comes of
// the checkpoint.
#include <signal.h>

#include "family.h"
#include "queues.h"

namespace {

void ask(mqd_t queue, int how, int signal, void* value) {
    sigevent event{};
    event.sigev_notify = how;
    event.sigev_signo = signal;
    event.sigev_value.sival_ptr = value;
    CHECK_SYS(mq_notify(queue, &event));
}

void expect_told(const sigset_t& all, int signal, void* value) {
    siginfo_t info{};
    const timespec limit{60, 0};
    CHECK_EQ(CHECK_SYS(sigtimedwait(&all, &info, &limit)), signal);
    CHECK_EQ(info.si_code, SI_MESGQ);
    CHECK_EQ(info.si_pid, getpid());
    CHECK_EQ(info.si_value.sival_ptr, value);
}

zdtm::Shared* shared;

void note(int, siginfo_t* info, void*) {
    shared->slot[0] = info->si_value.sival_int;
}

// Has a handler that nothing keeps from running.
void be_told_by_handler(zdtm::Gate* gate, mqd_t queue) {
    struct sigaction action {};

    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO;
    CHECK_SYS(sigaction(SIGUSR2, &action, nullptr));
    ask(queue, SIGEV_SIGNAL, SIGUSR2, reinterpret_cast<void*>(77));
    gate->wait();
    CHECK_EQ(shared->slot[0].load(), 0);
    CHECK_EQ(zdtm::take(queue), "4:for the child");
    zdtm::put(queue, 4, "again");
    CHECK_EQ(shared->slot[0].load(), 77);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    shared = zdtm::Shared::make();
    auto* gate = zdtm::Gate::make();
    sigset_t all;
    sigemptyset(&all);
    sigaddset(&all, SIGRTMIN + 1);
    sigaddset(&all, SIGUSR1);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &all, nullptr));
    int values[2];
    const mqd_t empty = zdtm::make_unlinked_queue(1, 4, 100);
    const mqd_t used = zdtm::make_unlinked_queue(2, 4, 100);
    const mqd_t silent = zdtm::make_unlinked_queue(3, 4, 100);
    const mqd_t silent_and_used = zdtm::make_unlinked_queue(4, 4, 100);
    const mqd_t of_child = zdtm::make_unlinked_queue(5, 1, 100);
    ask(empty, SIGEV_SIGNAL, SIGRTMIN + 1, &values[0]);
    zdtm::put(used, 1, "one");
    zdtm::put(used, 2, "two");
    ask(used, SIGEV_SIGNAL, SIGUSR1, &values[1]);
    ask(silent, SIGEV_NONE, 0, nullptr);
    zdtm::put(silent_and_used, 3, "three");
    ask(silent_and_used, SIGEV_NONE, 0, nullptr);
    zdtm::put(of_child, 4, "for the child");
    const pid_t child = zdtm::fork_child([&] { be_told_by_handler(gate, of_child); });
    gate->expect(1);
    const mqd_t queues[] = {empty, used, silent, silent_and_used, of_child};
    std::string before;
    for (const mqd_t queue : queues)
        before += zdtm::queue_status(queue);

    zdtm::checkpoint_here();

    std::string after;
    for (const mqd_t queue : queues)
        after += zdtm::queue_status(queue);
    CHECK_EQ(after, before);
    sigset_t pending;
    CHECK_SYS(sigpending(&pending));
    CHECK_EQ(sigisemptyset(&pending), 1);
    gate->open();
    zdtm::expect_exit(child);
    zdtm::put(empty, 1, "hello");
    expect_told(all, SIGRTMIN + 1, &values[0]);
    CHECK_EQ(zdtm::take(empty), "1:hello");
    CHECK_EQ(zdtm::take(used), "2:two");
    CHECK_EQ(zdtm::take(used), "1:one");
    zdtm::put(used, 1, "hello");
    expect_told(all, SIGUSR1, &values[1]);
    CHECK_EQ(zdtm::take(silent_and_used), "3:three");
    for (const mqd_t queue : {silent, silent_and_used}) {
        sigevent nothing{};
        nothing.sigev_notify = SIGEV_NONE;
        CHECK_EQ(mq_notify(queue, &nothing), -1);
        CHECK_EQ(errno, EBUSY);
        zdtm::put(queue, 1, "hello");
        ask(queue, SIGEV_NONE, 0, nullptr);
    }
    zdtm::pass();
}
