// What was set for the tree's own IPC namespace is so again; what was made before a limit was
// lowered, or is more than the limits that a new namespace has, does not stand in the way.
#include <sched.h>
#include <sys/shm.h>

#include "memory.h"
#include "sysv.h"

namespace {

struct Setting {
    const char* name;
    const char* value;
};

constexpr Setting kSettings[] = {
    {"kernel/shmmax", "8191"},
    {"kernel/shmall", "77777"},
    {"kernel/shmmni", "1"},
    {"kernel/shm_rmid_forced", "1"},
    {"kernel/sem", "5\t32000\t11\t12"},
    {"kernel/msgmax", "20000"},
    {"kernel/msgmnb", "600"},
    {"kernel/msgmni", "1"},
    {"fs/mqueue/queues_max", "9"},
    {"fs/mqueue/msg_max", "300"},
    {"fs/mqueue/msgsize_max", "10000"},
    {"fs/mqueue/msg_default", "7"},
    {"fs/mqueue/msgsize_default", "5000"},
};

std::string path_of(const Setting& setting) {
    return std::string("/proc/sys/") + setting.name;
}

void set(const char* name, const std::string& value) {
    std::ofstream file(std::string("/proc/sys/") + name);
    file << value << std::flush;
    CHECK(file.good());
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(unshare(CLONE_NEWIPC));
    set("kernel/msgmax", "20000");
    set("kernel/msgmnb", "70000");
    const int queue = CHECK_SYS(msgget(1, IPC_CREAT | 0600));
    const int other = CHECK_SYS(msgget(2, IPC_CREAT | 0600));
    for (int i = 0; i < 3; i++) {
        static struct {
            long type = 1;
            char text[20000] = {};
        } big;

        CHECK_SYS(msgsnd(queue, &big, sizeof big.text, 0));
    }
    const int semaphores = CHECK_SYS(semget(1, 20, IPC_CREAT | 0600));
    const int segment = CHECK_SYS(shmget(1, 3 * zdtm::kPage, IPC_CREAT | 0600));
    const int second = CHECK_SYS(shmget(2, zdtm::kPage, IPC_CREAT | 0600));
    CHECK(shmat(segment, nullptr, 0) != reinterpret_cast<void*>(-1));
    CHECK(shmat(second, nullptr, 0) != reinterpret_cast<void*>(-1));
    for (const Setting& setting : kSettings) {
        set(setting.name, setting.value);
    }

    zdtm::checkpoint_here();

    for (const Setting& setting : kSettings) {
        CHECK_EQ(zdtm::read_file(path_of(setting)), setting.value + std::string("\n"));
    }
    CHECK_EQ(zdtm::queue_info(queue).msg_qbytes, 70000U);
    CHECK_EQ(zdtm::queue_info(queue).msg_qnum, 3U);
    CHECK_EQ(msgget(2, 0), other);
    CHECK_EQ(semget(1, 0, 0), semaphores);
    CHECK_EQ(shmget(1, 0, 0), segment);
    CHECK(msgget(3, IPC_CREAT | 0600) == -1 && errno == ENOSPC);
    CHECK(semget(3, 6, IPC_CREAT | 0600) == -1 && errno == EINVAL);
    CHECK(shmget(3, 8192, IPC_CREAT | 0600) == -1 && errno == EINVAL);
    CHECK(shmget(3, 4096, IPC_CREAT | 0600) == -1 && errno == ENOSPC);
    zdtm::pass();
}
