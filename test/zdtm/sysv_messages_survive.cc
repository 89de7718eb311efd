// A System V message queue that stays in the kernel: its messages, in their order, are there once.
#include "family.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int queue = CHECK_SYS(msgget(zdtm::test_key(3), IPC_CREAT | IPC_EXCL | 0600));
    zdtm::send(queue, 5, "five");
    zdtm::send(queue, 3, std::string(1000, 'x'));
    zdtm::send(queue, 5, "");
    const msqid_ds before = zdtm::queue_info(queue);

    zdtm::checkpoint_here();

    const msqid_ds after = zdtm::queue_info(queue);
    CHECK_EQ(after.msg_qnum, before.msg_qnum);
    CHECK_EQ(after.msg_lspid, before.msg_lspid);
    CHECK_EQ(after.msg_stime, before.msg_stime);
    CHECK_EQ(zdtm::receive(queue, 3), "3:" + std::string(1000, 'x'));
    CHECK_EQ(zdtm::receive(queue), "5:five");
    CHECK_EQ(zdtm::receive(queue), "5:");
    CHECK_SYS(msgctl(queue, IPC_RMID, nullptr));
    zdtm::pass();
}
