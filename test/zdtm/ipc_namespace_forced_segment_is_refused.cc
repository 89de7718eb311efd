// With shm_rmid_forced, a segment that nobody has attached would end when crtool has read it: it is
// refused, and stays.
#include <sched.h>
#include <sys/shm.h>

#include <fstream>

#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    std::ofstream("/proc/sys/kernel/shm_rmid_forced") << 1 << std::flush;
    const int id = CHECK_SYS(shmget(IPC_PRIVATE, zdtm::kPage, 0600));

    zdtm::checkpoint_here();

    shmid_ds info{};
    CHECK_SYS(shmctl(id, IPC_STAT, &info));
    CHECK_EQ(info.shm_nattch, 0U);
    zdtm::pass();
}
