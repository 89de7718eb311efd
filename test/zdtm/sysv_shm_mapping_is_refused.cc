// An attached System V shared memory segment is not carried; a dump says so and leaves the task as
// it was, with the segment attached.
#include <sys/ipc.h>
#include <sys/shm.h>

#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int id = shmget(IPC_PRIVATE, zdtm::kPage, IPC_CREAT | 0600);
    if (id == -1) {
        zdtm::skip("this kernel has no System V shared memory");
    }
    auto* memory = static_cast<char*>(CHECK_SYS(shmat(id, nullptr, 0)));
    // The segment goes with its last user, however this test ends.
    CHECK_SYS(shmctl(id, IPC_RMID, nullptr));
    zdtm::fill(memory, zdtm::kPage, 1);

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, zdtm::kPage, 1));
    CHECK_SYS(shmdt(memory));
    zdtm::pass();
}
