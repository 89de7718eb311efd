// What the kinds of System V IPC have in common (sysvipc(7)), errors as exceptions.
#pragma once

#include <sys/ipc.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace crtool::sys {

struct IpcObject {
    int id = -1;
    uint32_t key = 0;
    unsigned mode = 0;  // permission bits
    uid_t uid = 0;
    gid_t gid = 0;
    uid_t creator_uid = 0;
    gid_t creator_gid = 0;
};

IpcObject ipc_object(int id, const ipc_perm& permissions);
// Owner and mode, as IPC_SET takes them.
void fill_permissions(const IpcObject& object, ipc_perm& permissions);

// Ids of all objects of a kind; `last` is what its …_INFO returns, `id_at` its …_STAT of an index.
std::vector<int> list_ipc(int last, int (*id_at)(int index));

// How one kind is made and removed.
struct IpcCalls {
    const char* what;     // "semaphore set"
    const char* next_id;  // /proc/sys/kernel/…_next_id
    std::function<int(key_t key, int flags)> get;
    void (*remove)(int id);
};

// A new object with exactly the id, key and creator of `object`, and the permission bits `mode`.
// EEXIST: the id or the key is taken.
void make_ipc(const IpcObject& object, unsigned mode, const IpcCalls& calls);

}  // namespace crtool::sys
