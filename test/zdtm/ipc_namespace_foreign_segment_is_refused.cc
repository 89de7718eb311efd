// A task that has attached a segment of another IPC namespace is refused, also when its own has one
// with the same id, key and size.
#include <sched.h>
#include <sys/shm.h>

#include "memory.h"
#include "sysv.h"

namespace {

char* attach(int id) {
    void* address = shmat(id, nullptr, 0);
    CHECK(address != reinterpret_cast<void*>(-1));
    return static_cast<char*>(address);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    char* foreign = attach(CHECK_SYS(shmget(IPC_PRIVATE, zdtm::kPage, 0600)));
    foreign[0] = 'f';
    CHECK_SYS(unshare(CLONE_NEWIPC));
    char* own = attach(CHECK_SYS(shmget(IPC_PRIVATE, zdtm::kPage, 0600)));
    own[0] = 'o';

    zdtm::checkpoint_here();

    CHECK_EQ(foreign[0], 'f');
    CHECK_EQ(own[0], 'o');
    zdtm::pass();
}
