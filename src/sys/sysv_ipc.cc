// See sysv_ipc.h.
#include "sys/sysv_ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/error.h"
#include "sys/fd.h"

namespace crtool::sys {
namespace {

constexpr unsigned kPermissions = 0777;

// The creator is who makes it, and cannot be changed later.
class ActingAs {
  public:
    ActingAs(uid_t uid, gid_t gid) : uid_(::geteuid()), gid_(::getegid()) {
        if (::setegid(gid) != 0 || ::seteuid(uid) != 0)
            fail_errno(errno, "cannot act as user {}, group {}", uid, gid);
    }

    ~ActingAs() {
        (void)!::seteuid(uid_);
        (void)!::setegid(gid_);
    }

    ActingAs(const ActingAs&) = delete;
    ActingAs& operator=(const ActingAs&) = delete;

  private:
    uid_t uid_;
    gid_t gid_;
};

}  // namespace

IpcObject ipc_object(int id, const ipc_perm& permissions) {
    return {.id = id,
            .key = static_cast<uint32_t>(permissions.__key),
            .mode = permissions.mode & kPermissions,
            .uid = permissions.uid,
            .gid = permissions.gid,
            .creator_uid = permissions.cuid,
            .creator_gid = permissions.cgid};
}

void fill_permissions(const IpcObject& object, ipc_perm& permissions) {
    permissions.uid = object.uid;
    permissions.gid = object.gid;
    permissions.mode = static_cast<unsigned short>(object.mode & kPermissions);
}

std::vector<int> list_ipc(int last, int (*id_at)(int index)) {
    std::vector<int> ids;
    for (int index = 0; index <= last; index++)
        if (int id = id_at(index); id >= 0)
            ids.push_back(id);
    return ids;
}

void make_ipc(const IpcObject& object, unsigned mode, const IpcCalls& calls) {
    write_all(open_at(AT_FDCWD, calls.next_id, O_WRONLY).get(), std::to_string(object.id));
    int id = -1;
    {
        ActingAs creator(object.creator_uid, object.creator_gid);
        unsigned flags = (mode & kPermissions) | IPC_CREAT | IPC_EXCL;
        id = calls.get(static_cast<key_t>(object.key), static_cast<int>(flags));
        if (id < 0)
            fail_errno(errno, "cannot make {} {} with key {:#x}", calls.what, object.id,
                       object.key);
    }
    if (id == object.id)
        return;
    calls.remove(id);
    fail_errno(EEXIST, "the id of {} {} is taken", calls.what, object.id);
}

}  // namespace crtool::sys
