// A POSIX message queue is refused, and keeps its messages.
#include <mqueue.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = "/crtool-test-" + std::to_string(getpid());
    mq_attr attributes{};
    attributes.mq_maxmsg = 4;
    attributes.mq_msgsize = 16;
    const mqd_t queue =
        CHECK_SYS(mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, &attributes));
    CHECK_SYS(mq_send(queue, "hello", 5, 3));
    CHECK_SYS(mq_unlink(name.c_str()));

    zdtm::checkpoint_here();

    char text[16];
    unsigned priority = 0;
    CHECK_EQ(mq_receive(queue, text, sizeof(text), &priority), 5);
    CHECK_EQ(priority, 3U);
    zdtm::pass();
}
