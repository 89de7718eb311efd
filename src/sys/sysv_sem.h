// System V semaphores (semget(2), semctl(2), semop(2)), errors as exceptions.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "sys/sysv_ipc.h"

namespace crtool::sys {

struct SemSet : IpcObject {
    std::vector<uint16_t> values;
    std::vector<pid_t> last_pids;  // of the last operation on each; 0: none, or not to be seen
};

// Ids of all sets of the IPC namespace.
std::vector<int> list_sem_sets();
// nullopt: there is none with this id, or it may not be looked at.
std::optional<SemSet> try_read_sem(int id);
// A new set with exactly this id, creator, key and values, and nobody's permission.
void make_sem(const SemSet& set);
// Owner and mode.
void set_sem_owner(const SemSet& set);
// IPC_RMID.
void remove_sem(int id);
// Operations that one semop(2) takes.
unsigned max_sem_operations();
// The calling thread undoes nothing at its end, and has no list for it (unshare(2)); one that has
// made a thread has one.
void leave_undo_list();

}  // namespace crtool::sys
