// A System V semaphore set that stays in the kernel: values, the pids of the last operations, and
// what a task would undo at its end are as before, although the kernel undid it when the dump ended
// the task.
#include "family.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const int set = CHECK_SYS(semget(zdtm::test_key(1), 4, IPC_CREAT | IPC_EXCL | 0640));
    unsigned short values[] = {7, 1, 0, 32767};
    CHECK_SYS(semctl(set, 0, SETALL, values));
    const pid_t holder = zdtm::fork_child([&] {
        zdtm::sem_do(set, {zdtm::sem_op(1, -1, SEM_UNDO)});
        zdtm::sem_do(set, {zdtm::sem_op(2, 300, SEM_UNDO), zdtm::sem_op(3, -32767, SEM_UNDO)});
        gate->wait();
    });
    gate->expect(1);
    zdtm::sem_do(set, {zdtm::sem_op(2, 5)});

    zdtm::checkpoint_here();

    CHECK_EQ(semget(zdtm::test_key(1), 0, 0), set);
    CHECK_EQ(zdtm::sem_info(set).sem_perm.mode & 0777, 0640);
    const int expected[] = {7, 0, 305, 0};
    const pid_t pids[] = {getpid(), holder, getpid(), holder};
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(zdtm::sem_value(set, i), expected[i]);
        CHECK_EQ(zdtm::sem_pid(set, i), pids[i]);
    }
    gate->open();
    zdtm::expect_exit(holder);
    const int undone[] = {7, 1, 5, 32767};
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(zdtm::sem_value(set, i), undone[i]);
    }
    CHECK_SYS(semctl(set, 0, IPC_RMID));
    zdtm::pass();
}
