// System V message queues that are gone from the kernel when the tree is restored are there again,
// with id, key, owners, mode, room, messages in their order, and who used them last.
#include "family.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const int queue = CHECK_SYS(msgget(zdtm::test_key(4), IPC_CREAT | IPC_EXCL | 0600));
    const int read_out = CHECK_SYS(msgget(IPC_PRIVATE, IPC_CREAT | 0622));
    zdtm::forget("-q", queue);
    zdtm::forget("-q", read_out);
    zdtm::send(queue, 5, "five");
    zdtm::send(queue, 7, std::string(1000, 'x'));
    zdtm::send(queue, 5, "");
    zdtm::send(read_out, 1, "away");
    CHECK_EQ(zdtm::receive(read_out), "1:away");
    const pid_t child = zdtm::fork_child([&] {
        zdtm::send(queue, 1L << 40, "from the child");
        gate->wait();
    });
    gate->expect(1);
    msqid_ds before = zdtm::queue_info(queue);
    before.msg_perm.uid = 12;
    before.msg_perm.gid = 34;
    before.msg_perm.mode = 0640;
    before.msg_qbytes = 1018;
    CHECK_SYS(msgctl(queue, IPC_SET, &before));

    zdtm::checkpoint_here();

    CHECK_EQ(msgget(zdtm::test_key(4), 0), queue);
    const msqid_ds after = zdtm::queue_info(queue);
    CHECK_EQ(after.msg_perm.uid, 12U);
    CHECK_EQ(after.msg_perm.gid, 34U);
    CHECK_EQ(after.msg_perm.cuid, 0U);
    CHECK_EQ(after.msg_perm.mode & 0777, 0640);
    CHECK_EQ(after.msg_qbytes, 1018U);
    CHECK_EQ(after.msg_qnum, 4U);
    CHECK_EQ(after.msg_lspid, child);
    CHECK_EQ(after.msg_lrpid, 0);
    CHECK_EQ(zdtm::queue_info(read_out).msg_qnum, 0U);
    CHECK_EQ(zdtm::queue_info(read_out).msg_lspid, getpid());
    CHECK_EQ(zdtm::queue_info(read_out).msg_lrpid, getpid());
    CHECK_EQ(zdtm::receive(queue, 7), "7:" + std::string(1000, 'x'));
    CHECK_EQ(zdtm::receive(queue), "5:five");
    CHECK_EQ(zdtm::receive(queue), "5:");
    CHECK_EQ(zdtm::receive(queue), std::to_string(1L << 40) + ":from the child");
    gate->open();
    zdtm::expect_exit(child);
    CHECK_SYS(msgctl(queue, IPC_RMID, nullptr));
    CHECK_SYS(msgctl(read_out, IPC_RMID, nullptr));
    zdtm::pass();
}
