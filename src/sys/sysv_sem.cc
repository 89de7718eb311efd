// See sysv_sem.h.
#include "sys/sysv_sem.h"

#include <errno.h>
#include <sched.h>
#include <sys/sem.h>

#include "base/error.h"

namespace crtool::sys {
namespace {

// semctl(2): the caller is to define it.
union Argument {
    int value;
    semid_ds* info;
    unsigned short* values;
    seminfo* limits;
};

}  // namespace

std::vector<int> list_sem_sets() {
    seminfo used{};
    int last = ::semctl(0, 0, SEM_INFO, Argument{.limits = &used});
    if (used.semusz == 0)
        return {};
    return list_ipc(last, [](int index) {
        semid_ds info{};
        return ::semctl(index, 0, SEM_STAT, Argument{.info = &info});
    });
}

std::optional<SemSet> try_read_sem(int id) {
    semid_ds info{};
    if (::semctl(id, 0, IPC_STAT, Argument{.info = &info}) != 0)
        return std::nullopt;
    SemSet set;
    static_cast<IpcObject&>(set) = ipc_object(id, info.sem_perm);
    set.values.resize(info.sem_nsems);
    if (::semctl(id, 0, GETALL, Argument{.values = set.values.data()}) != 0)
        return std::nullopt;
    for (int number = 0; std::cmp_less(number, info.sem_nsems); number++) {
        int pid = ::semctl(id, number, GETPID);
        if (pid < 0)
            return std::nullopt;
        set.last_pids.push_back(pid);
    }
    return set;
}

void make_sem(const SemSet& set) {
    make_ipc(set, 0,
             {.what = "semaphore set",
              .next_id = "/proc/sys/kernel/sem_next_id",
              .get =
                  [&](key_t key, int flags) {
                      return ::semget(key, static_cast<int>(set.values.size()), flags);
                  },
              .remove = remove_sem});
    // SETALL would make crtool the last user also of those that nobody has used.
    for (size_t i = 0; i < set.values.size(); i++) {
        if (set.values[i] == 0 ||
            ::semctl(set.id, static_cast<int>(i), SETVAL, Argument{.value = set.values[i]}) == 0)
            continue;
        int error = errno;
        remove_sem(set.id);
        fail_errno(error, "cannot set the values of semaphore set {}", set.id);
    }
}

void set_sem_owner(const SemSet& set) {
    semid_ds info{};
    fill_permissions(set, info.sem_perm);
    if (::semctl(set.id, 0, IPC_SET, Argument{.info = &info}) != 0)
        fail_errno(errno, "cannot set the owner of semaphore set {}", set.id);
}

void remove_sem(int id) {
    if (::semctl(id, 0, IPC_RMID) != 0)
        fail_errno(errno, "cannot remove semaphore set {}", id);
}

unsigned max_sem_operations() {
    seminfo limits{};
    if (::semctl(0, 0, IPC_INFO, Argument{.limits = &limits}) < 0)
        fail_errno(errno, "cannot ask for the limits of semaphores");
    return static_cast<unsigned>(limits.semopm);
}

void leave_undo_list() {
    if (::unshare(CLONE_SYSVSEM) != 0)
        fail_errno(errno, "cannot give up a list of what is to be undone");
}

}  // namespace crtool::sys
