// All that is in the tree's own IPC namespace is there again, with ids, keys and owners, whoever
// used it last or never: segments that nobody has attached, sets and queues of tasks that are gone.
#include <sched.h>

#include "family.h"
#include "memory.h"
#include "sysv.h"

namespace {

using zdtm::kPage;

void choose_id(const char* kind, int id) {
    const std::string name = std::string("/proc/sys/kernel/") + kind + "_next_id";
    std::ofstream(name) << id << std::flush;
}

// One that nobody has attached, and one that is removed.
struct Segments {
    int lonely;
    int removed;
    const char* at;  // of the removed one
};

Segments make_segments() {
    choose_id("shm", 7 * 32768 + 5);
    const int lonely = CHECK_SYS(shmget(4711, 3 * kPage + 100, IPC_CREAT | IPC_EXCL | 0640));
    CHECK_EQ(lonely, 7 * 32768 + 5);
    char* bytes = zdtm::attach(lonely);
    zdtm::fill(bytes + kPage, kPage, 3);
    bytes[3 * kPage + 99] = 'z';
    CHECK_SYS(shmdt(bytes));
    const int removed = CHECK_SYS(shmget(IPC_PRIVATE, kPage, 0600));
    char* at = zdtm::attach(removed);
    at[0] = 'r';
    CHECK_SYS(shmctl(removed, IPC_RMID, nullptr));
    return {lonely, removed, at};
}

void check_segments(const Segments& made) {
    CHECK_EQ(shmget(4711, 0, 0), made.lonely);
    CHECK_EQ(zdtm::segment_info(made.lonely).shm_nattch, 0U);
    CHECK_EQ(zdtm::segment_info(made.lonely).shm_segsz, 3 * kPage + 100);
    CHECK_EQ(zdtm::segment_info(made.lonely).shm_perm.mode & 07777, 0640);
    const char* bytes = zdtm::attach(made.lonely);
    CHECK_EQ(bytes[0], 0);
    CHECK(zdtm::holds(bytes + kPage, kPage, 3));
    CHECK_EQ(bytes[3 * kPage + 99], 'z');
    CHECK_EQ(made.at[0], 'r');
    CHECK_EQ(zdtm::segment_info(made.removed).shm_nattch, 2U);
    CHECK((zdtm::segment_info(made.removed).shm_perm.mode & SHM_DEST) != 0);
}

int make_unused_set() {
    choose_id("sem", 9);
    const int unused = CHECK_SYS(semget(4712, 3, IPC_CREAT | 0604));
    CHECK_EQ(unused, 9);
    semid_ds info = zdtm::sem_info(unused);
    info.sem_perm.uid = 12;
    CHECK_SYS(semctl(unused, 0, IPC_SET, &info));
    return unused;
}

void check_unused_set(int unused) {
    CHECK_EQ(semget(4712, 3, 0), unused);
    CHECK_EQ(zdtm::sem_info(unused).sem_perm.uid, 12U);
    CHECK_EQ(zdtm::sem_info(unused).sem_perm.cuid, 0U);
    CHECK_EQ(zdtm::sem_info(unused).sem_perm.mode & 0777, 0604);
    CHECK_EQ(zdtm::sem_value(unused, 2), 0);
    CHECK_EQ(zdtm::sem_pid(unused, 2), 0);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const Segments segments = make_segments();
    const int unused = make_unused_set();
    const int set = CHECK_SYS(semget(IPC_PRIVATE, 2, 0666));
    choose_id("msg", 65536 + 1);
    const int queue = CHECK_SYS(msgget(4713, IPC_CREAT | 0622));
    CHECK_EQ(queue, 65536 + 1);
    const int empty = CHECK_SYS(msgget(IPC_PRIVATE, 0600));
    zdtm::expect_exit(zdtm::fork_child([&] {
        zdtm::sem_do(set, {zdtm::sem_op(0, 40)});
        zdtm::send(queue, 5, "five");
        zdtm::send(queue, 7, std::string(900, 'x'));
    }));
    const pid_t child = zdtm::fork_child([&] {
        zdtm::sem_do(set, {zdtm::sem_op(0, -2, SEM_UNDO)});
        CHECK_SYS(setuid(1234));
        gate->wait();
        CHECK_EQ(zdtm::receive(queue, 5, IPC_NOWAIT | MSG_NOERROR), "5:five");
    });
    gate->expect(1);
    msqid_ds queue_before = zdtm::queue_info(queue);
    queue_before.msg_perm.mode = 0666;
    CHECK_SYS(msgctl(queue, IPC_SET, &queue_before));

    zdtm::checkpoint_here();

    check_segments(segments);
    check_unused_set(unused);
    CHECK_EQ(zdtm::sem_value(set, 0), 38);
    CHECK_EQ(zdtm::sem_pid(set, 0), child);
    CHECK_EQ(zdtm::sem_pid(set, 1), 0);
    CHECK_EQ(msgget(4713, 0), queue);
    CHECK_EQ(zdtm::queue_info(queue).msg_qnum, 2U);
    CHECK_EQ(zdtm::queue_info(queue).msg_qbytes, queue_before.msg_qbytes);
    CHECK_EQ(zdtm::queue_info(empty).msg_qnum, 0U);
    gate->open();
    zdtm::expect_exit(child);
    CHECK_EQ(zdtm::sem_value(set, 0), 40);
    CHECK_EQ(zdtm::receive(queue), "7:" + std::string(900, 'x'));
    zdtm::pass();
}
