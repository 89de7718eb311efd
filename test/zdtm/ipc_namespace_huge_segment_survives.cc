// A segment of huge pages that nobody has attached, in the tree's own IPC namespace.
#include <sched.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "huge.h"

using zdtm::kHuge;

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const int id = shmget(1, 2 * kHuge - 100, IPC_CREAT | SHM_HUGETLB | 0600);
    if (id == -1) {
        zdtm::skip("this kernel gives no huge pages");
    }
    auto* memory = static_cast<char*>(shmat(id, nullptr, 0));
    CHECK(memory != reinterpret_cast<char*>(-1));
    zdtm::fill(memory + kHuge, zdtm::kPage, 1);
    CHECK_SYS(shmdt(memory));

    zdtm::checkpoint_here();

    CHECK_EQ(shmget(1, 0, 0), id);
    memory = static_cast<char*>(shmat(id, nullptr, 0));
    CHECK(memory != reinterpret_cast<char*>(-1));
    zdtm::check_huge(memory);
    CHECK(zdtm::holds(memory + kHuge, zdtm::kPage, 1));
    CHECK_EQ(memory[0], 0);
    zdtm::pass();
}
