// Tasks that wait for a System V semaphore or message go on waiting, on objects that were made
// again, and get what they wait for.
#include "family.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int set = CHECK_SYS(semget(IPC_PRIVATE, 2, IPC_CREAT | 0600));
    const int queue = CHECK_SYS(msgget(IPC_PRIVATE, IPC_CREAT | 0600));
    zdtm::forget("-s", set);
    zdtm::forget("-q", queue);
    const pid_t down = zdtm::fork_child([&] { zdtm::sem_do(set, {zdtm::sem_op(0, -1)}); });
    const pid_t timed = zdtm::fork_child([&] {
        sembuf take = zdtm::sem_op(1, -1, SEM_UNDO);
        timespec limit{600, 0};
        CHECK_SYS(semtimedop(set, &take, 1, &limit));
    });
    const pid_t reader =
        zdtm::fork_child([&] { CHECK_EQ(zdtm::receive(queue, 7), "7:for the reader"); });
    zdtm::wait_in_syscall(down, SYS_semtimedop);
    zdtm::wait_in_syscall(timed, SYS_semtimedop);
    zdtm::wait_in_syscall(reader, SYS_msgrcv);

    zdtm::checkpoint_here();

    zdtm::wait_until([&] { return semctl(set, 0, GETNCNT) == 1; });
    zdtm::sem_do(set, {zdtm::sem_op(0, 1), zdtm::sem_op(1, 1)});
    zdtm::expect_exit(down);
    zdtm::expect_exit(timed);
    zdtm::send(queue, 5, "for nobody");
    zdtm::send(queue, 7, "for the reader");
    zdtm::expect_exit(reader);
    CHECK_SYS(semctl(set, 0, IPC_RMID));
    CHECK_SYS(msgctl(queue, IPC_RMID, nullptr));
    zdtm::pass();
}
