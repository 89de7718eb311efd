// A segment of shared memory has its id for an inode number, which a memfd may have, too: both keep
// their own content.
#include <sched.h>
#include <sys/shm.h>
#include <sys/stat.h>

#include <climits>
#include <fstream>

#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    const int memfd = CHECK_SYS(memfd_create("numbered", 0));
    CHECK_EQ(pwrite(memfd, "memfd", 5, 0), 5);
    CHECK_SYS(ftruncate(memfd, zdtm::kPage));
    struct stat st = {};
    CHECK_SYS(fstat(memfd, &st));
    std::ofstream("/proc/sys/kernel/shm_next_id") << st.st_ino << std::flush;
    const int id = CHECK_SYS(shmget(IPC_PRIVATE, zdtm::kPage, 0600));
    if (static_cast<ino_t>(id) != st.st_ino) {
        zdtm::skip("no segment has the number of this memfd");
    }
    auto* segment = static_cast<char*>(shmat(id, nullptr, 0));
    CHECK(segment != reinterpret_cast<char*>(-1));
    segment[0] = 's';

    zdtm::checkpoint_here();

    char text[6] = {};
    CHECK_EQ(pread(memfd, text, 5, 0), 5);
    CHECK_EQ(std::string(text), "memfd");
    CHECK_EQ(segment[0], 's');
    CHECK_EQ(segment[1], 0);
    zdtm::pass();
}
