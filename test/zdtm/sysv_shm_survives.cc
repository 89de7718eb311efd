// System V shared memory: a segment with a key, one that goes with its last attachment, one
// attached for reading only and with a page protected, shared with a child; ids, owners, modes and
// the count of attachments are as before.
#include <sys/mman.h>

#include "family.h"
#include "memory.h"
#include "sysv.h"

using zdtm::kPage;

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const key_t key = 0x63720000 + getpid();
    const int named = CHECK_SYS(shmget(key, 3 * kPage + 100, IPC_CREAT | IPC_EXCL | 0640));
    const int passing = CHECK_SYS(shmget(IPC_PRIVATE, 2 * kPage, IPC_CREAT | 0600));
    char* a = zdtm::attach(named);
    char* readable = zdtm::attach(named, SHM_RDONLY);
    char* b = zdtm::attach(passing);
    CHECK_SYS(shmctl(passing, IPC_RMID, nullptr));
    zdtm::fill(a, kPage, 1);
    zdtm::fill(a + 2 * kPage, kPage, 3);
    zdtm::fill(b, 2 * kPage, 5);
    CHECK_SYS(mprotect(a + kPage, kPage, PROT_NONE));
    const pid_t child = zdtm::fork_child([&] {
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; });
        CHECK(zdtm::holds(b, 2 * kPage, 5));
        b[7] = 'c';
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    const shmid_ds before = zdtm::segment_info(named);

    zdtm::checkpoint_here();

    const shmid_ds after = zdtm::segment_info(named);
    CHECK_EQ(after.shm_nattch, before.shm_nattch);
    CHECK_EQ(after.shm_segsz, before.shm_segsz);
    CHECK_EQ(after.shm_perm.mode, before.shm_perm.mode);
    CHECK_EQ(after.shm_perm.cuid, before.shm_perm.cuid);
    CHECK_EQ(shmget(key, 0, 0), named);
    CHECK(zdtm::holds(a, kPage, 1));
    CHECK(zdtm::holds(a + 2 * kPage, kPage, 3));
    CHECK_SYS(mprotect(a + kPage, kPage, PROT_READ | PROT_WRITE));
    CHECK_EQ(a[kPage], 0);
    a[5] = 'x';
    CHECK_EQ(readable[5], 'x');
    CHECK_EQ(mprotect(readable, kPage, PROT_READ | PROT_WRITE), -1);
    CHECK_EQ(zdtm::segment_info(passing).shm_nattch, 2U);
    CHECK((zdtm::segment_info(passing).shm_perm.mode & SHM_DEST) != 0);
    shared->go = 1;
    zdtm::expect_exit(child);
    CHECK_EQ(b[7], 'c');
    CHECK_SYS(shmdt(b));
    shmid_ds gone{};
    CHECK_EQ(shmctl(passing, IPC_STAT, &gone), -1);
    CHECK_SYS(shmctl(named, IPC_RMID, nullptr));
    zdtm::pass();
}
