// A System V shared memory segment of huge pages is made again where it has gone with the tree.
#include <sys/ipc.h>
#include <sys/shm.h>

#include "huge.h"

using zdtm::kHuge;

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int id = shmget(IPC_PRIVATE, 2 * kHuge - 100, IPC_CREAT | SHM_HUGETLB | 0600);
    if (id == -1) {
        zdtm::skip("this kernel gives no huge pages");
    }
    auto* memory = static_cast<char*>(shmat(id, nullptr, 0));
    CHECK(memory != reinterpret_cast<char*>(-1));
    CHECK_SYS(shmctl(id, IPC_RMID, nullptr));
    zdtm::fill(memory + kHuge, zdtm::kPage, 1);

    zdtm::checkpoint_here();

    zdtm::check_huge(memory);
    CHECK(zdtm::holds(memory + kHuge, zdtm::kPage, 1));
    CHECK(!zdtm::present(memory));
    shmid_ds info = {};
    CHECK_SYS(shmctl(id, IPC_STAT, &info));
    CHECK_EQ(info.shm_segsz, 2 * kHuge - 100);
    CHECK_EQ(info.shm_nattch, 1U);
    zdtm::pass();
}
