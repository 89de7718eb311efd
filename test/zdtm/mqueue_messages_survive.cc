// A POSIX message queue without a name keeps its messages, their priorities and their order, also
// when it is full and nobody may read it; and its room, mode, owner and times.
#include "queues.h"

namespace {

void check(mqd_t queue) {
    struct stat st {};

    CHECK_SYS(fstat(queue, &st));
    CHECK_EQ(st.st_mode & 07777, 0620);
    CHECK_EQ(st.st_uid, 12U);
    CHECK_EQ(st.st_gid, 34U);
    CHECK_EQ(st.st_nlink, 0U);
    CHECK_EQ(st.st_atim.tv_sec, 1234);
    CHECK_EQ(st.st_mtim.tv_sec, 5678);
    const mq_attr attributes = zdtm::queue_attributes(queue);
    CHECK_EQ(attributes.mq_maxmsg, 6);
    CHECK_EQ(attributes.mq_msgsize, 1000);
    CHECK_EQ(attributes.mq_curmsgs, 6);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t queue = zdtm::make_queue(zdtm::queue_name(1), 6, 1000);
    const mqd_t writer = CHECK_SYS(mq_open(zdtm::queue_name(1).c_str(), O_WRONLY));
    CHECK_SYS(mq_unlink(zdtm::queue_name(1).c_str()));
    const mqd_t empty = zdtm::make_unlinked_queue(1, 3, 10);
    const std::string large(1000, 'x');
    zdtm::put(queue, 3, "first of 3");
    zdtm::put(queue, 0, "");
    zdtm::put(queue, 32767, "urgent");
    zdtm::put(queue, 3, large);
    zdtm::put(queue, 0, std::string("a\0b", 3));
    zdtm::put(queue, 3, "third of 3");
    CHECK_SYS(fchown(queue, 12, 34));
    CHECK_SYS(fchmod(queue, 0620));
    const timespec times[2] = {{1234, 0}, {5678, 0}};
    CHECK_SYS(futimens(queue, times));

    zdtm::checkpoint_here();

    check(queue);
    CHECK_EQ(zdtm::take(queue), "32767:urgent");
    zdtm::put(writer, 3, "last of 3");
    CHECK_EQ(zdtm::take(queue), "3:first of 3");
    CHECK_EQ(zdtm::take(queue), "3:" + large);
    CHECK_EQ(zdtm::take(queue), "3:third of 3");
    CHECK_EQ(zdtm::take(queue), "3:last of 3");
    CHECK_EQ(zdtm::take(queue), "0:");
    CHECK_EQ(zdtm::take(queue), "0:" + std::string("a\0b", 3));
    CHECK_EQ(zdtm::queue_attributes(queue).mq_curmsgs, 0);
    CHECK_EQ(zdtm::queue_attributes(empty).mq_maxmsg, 3);
    CHECK_EQ(zdtm::queue_attributes(empty).mq_curmsgs, 0);
    zdtm::pass();
}
