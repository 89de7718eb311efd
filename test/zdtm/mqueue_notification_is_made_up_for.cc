// A message that comes while the tree is not there notifies its task when it is back, with value;
// one that comes later does, too.
#include <signal.h>

#include "queues.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = zdtm::queue_name(1);
    const mqd_t queue = zdtm::make_queue(name, 10, 100);
    zdtm::post_to_queue(name, "hello");
    sigset_t told;
    sigemptyset(&told);
    sigaddset(&told, SIGRTMIN + 4);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &told, nullptr));
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN + 4;
    event.sigev_value.sival_int = 42;
    CHECK_SYS(mq_notify(queue, &event));

    zdtm::checkpoint_here();

    if (zdtm::queue_attributes(queue).mq_curmsgs == 0) {
        zdtm::put(queue, 0, "hello");
    }
    siginfo_t info{};
    const timespec limit{60, 0};
    CHECK_EQ(CHECK_SYS(sigtimedwait(&told, &info, &limit)), SIGRTMIN + 4);
    CHECK_EQ(info.si_code, SI_MESGQ);
    CHECK_EQ(info.si_value.sival_int, 42);
    CHECK_EQ(zdtm::take(queue), "0:hello");
    CHECK_EQ(mq_notify(queue, &event), 0);
    CHECK_SYS(mq_unlink(name.c_str()));
    zdtm::pass();
}
