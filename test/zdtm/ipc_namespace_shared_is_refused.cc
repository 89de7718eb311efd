// An IPC namespace in which somebody outside of the tree lives is refused, and left as it is.
#include <sched.h>

#include "outsider.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const int queue = CHECK_SYS(msgget(1, IPC_CREAT | 0600));
    const zdtm::Outsider other([] { zdtm::hold(); });

    zdtm::checkpoint_here();

    CHECK_EQ(msgget(1, 0), queue);
    zdtm::pass();
}
