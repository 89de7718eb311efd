// See sysv_shm.h.
#include "sys/sysv_shm.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

#include <string>

#include "base/error.h"
#include "sys/fd.h"

namespace crtool::sys {
namespace {

constexpr unsigned kPermissions = 0777;
constexpr const char* kNextId = "/proc/sys/kernel/shm_next_id";

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

int create(const ShmSegment& segment) {
    ActingAs creator(segment.creator_uid, segment.creator_gid);
    auto key = static_cast<key_t>(segment.key);
    unsigned flags = (segment.mode & kPermissions) | IPC_CREAT | IPC_EXCL;
    int id = ::shmget(key, segment.size, static_cast<int>(flags));
    if (id < 0)
        fail_errno(errno, "cannot make shared memory segment {} with key {:#x}", segment.id,
                   segment.key);
    return id;
}

}  // namespace

std::optional<ShmSegment> try_stat_shm(int id) {
    shmid_ds info{};
    if (::shmctl(id, IPC_STAT, &info) != 0)
        return std::nullopt;
    ShmSegment segment;
    segment.id = id;
    segment.key = static_cast<uint32_t>(info.shm_perm.__key);
    segment.mode = info.shm_perm.mode & kPermissions;
    segment.uid = info.shm_perm.uid;
    segment.gid = info.shm_perm.gid;
    segment.creator_uid = info.shm_perm.cuid;
    segment.creator_gid = info.shm_perm.cgid;
    segment.size = info.shm_segsz;
    segment.attached = info.shm_nattch;
    segment.removed = (info.shm_perm.mode & SHM_DEST) != 0;
    return segment;
}

void make_shm(const ShmSegment& segment) {
    write_all(open_at(AT_FDCWD, kNextId, O_WRONLY).get(), std::to_string(segment.id));
    int id = create(segment);
    if (id == segment.id)
        return;
    remove_shm(id);
    fail_errno(EEXIST, "shared memory segment {} is taken", segment.id);
}

void set_shm_owner(const ShmSegment& segment) {
    shmid_ds info{};
    info.shm_perm.uid = segment.uid;
    info.shm_perm.gid = segment.gid;
    info.shm_perm.mode = static_cast<unsigned short>(segment.mode & kPermissions);
    if (::shmctl(segment.id, IPC_SET, &info) != 0)
        fail_errno(errno, "cannot set the owner of shared memory segment {}", segment.id);
}

void remove_shm(int id) {
    if (::shmctl(id, IPC_RMID, nullptr) != 0)
        fail_errno(errno, "cannot remove shared memory segment {}", id);
}

ShmAttachment::ShmAttachment(int id, uint64_t size) : size_(size) {
    void* address = ::shmat(id, nullptr, 0);
    if (address == reinterpret_cast<void*>(-1))
        fail_errno(errno, "cannot attach shared memory segment {}", id);
    address_ = static_cast<std::byte*>(address);
}

ShmAttachment::~ShmAttachment() {
    ::shmdt(address_);
}

}  // namespace crtool::sys
