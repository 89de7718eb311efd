// A segment of System V shared memory of which a page was unmapped cannot be attached so again: it
// is refused, and stays as it is.
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int id = CHECK_SYS(shmget(IPC_PRIVATE, 2 * zdtm::kPage, IPC_CREAT | 0600));
    auto* memory = static_cast<char*>(shmat(id, nullptr, 0));
    CHECK(memory != reinterpret_cast<char*>(-1));
    CHECK_SYS(shmctl(id, IPC_RMID, nullptr));
    CHECK_SYS(munmap(memory + zdtm::kPage, zdtm::kPage));
    zdtm::fill(memory, zdtm::kPage, 1);

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, zdtm::kPage, 1));
    zdtm::pass();
}
