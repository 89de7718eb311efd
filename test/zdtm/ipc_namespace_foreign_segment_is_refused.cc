// A task that has attached a segment of another IPC namespace is refused, also when its own has one
// with the same id, key and size.
#include <sched.h>

#include "memory.h"
#include "sysv.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    char* foreign = zdtm::attach(CHECK_SYS(shmget(IPC_PRIVATE, zdtm::kPage, 0600)));
    foreign[0] = 'f';
    CHECK_SYS(unshare(CLONE_NEWIPC));
    char* own = zdtm::attach(CHECK_SYS(shmget(IPC_PRIVATE, zdtm::kPage, 0600)));
    own[0] = 'o';

    zdtm::checkpoint_here();

    CHECK_EQ(foreign[0], 'f');
    CHECK_EQ(own[0], 'o');
    zdtm::pass();
}
