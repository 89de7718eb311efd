// A System V semaphore set that is gone from the kernel when the tree is restored is there again,
// with id, key, owners, mode, values, the pids of the last operations, and what tasks would undo.
#include "family.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const int set = CHECK_SYS(semget(zdtm::test_key(2), 3, IPC_CREAT | IPC_EXCL | 0600));
    const int unnamed = CHECK_SYS(semget(IPC_PRIVATE, 1, IPC_CREAT | 0604));
    zdtm::forget("-s", set);
    zdtm::forget("-s", unnamed);
    CHECK_SYS(semctl(unnamed, 0, SETVAL, 32767));
    unsigned short values[] = {9, 1, 0};
    CHECK_SYS(semctl(set, 0, SETALL, values));
    semid_ds info = zdtm::sem_info(set);
    info.sem_perm.uid = 12;
    info.sem_perm.gid = 34;
    info.sem_perm.mode = 0640;
    CHECK_SYS(semctl(set, 0, IPC_SET, &info));
    const pid_t holder = zdtm::fork_child([&] {
        zdtm::sem_do(set, {zdtm::sem_op(1, -1, SEM_UNDO), zdtm::sem_op(2, 2, SEM_UNDO)});
        gate->wait();
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    CHECK_EQ(semget(zdtm::test_key(2), 0, 0), set);
    info = zdtm::sem_info(set);
    CHECK_EQ(info.sem_nsems, 3U);
    CHECK_EQ(info.sem_perm.uid, 12U);
    CHECK_EQ(info.sem_perm.gid, 34U);
    CHECK_EQ(info.sem_perm.cuid, 0U);
    CHECK_EQ(info.sem_perm.mode & 0777, 0640);
    CHECK_EQ(zdtm::sem_info(unnamed).sem_perm.mode & 0777, 0604);
    CHECK_EQ(zdtm::sem_value(unnamed, 0), 32767);
    CHECK_EQ(zdtm::sem_pid(unnamed, 0), getpid());
    const int expected[] = {9, 0, 2};
    const pid_t pids[] = {getpid(), holder, holder};
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(zdtm::sem_value(set, i), expected[i]);
        CHECK_EQ(zdtm::sem_pid(set, i), pids[i]);
    }
    gate->open();
    zdtm::expect_exit(holder);
    CHECK_EQ(zdtm::sem_value(set, 1), 1);
    CHECK_EQ(zdtm::sem_value(set, 2), 0);
    CHECK_SYS(semctl(set, 0, IPC_RMID));
    CHECK_SYS(semctl(unnamed, 0, IPC_RMID));
    zdtm::pass();
}
