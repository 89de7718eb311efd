// See sysv_shm.h.
#include "sys/sysv_shm.h"

#include <asm-generic/hugetlb_encode.h>
#include <errno.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "base/error.h"

namespace crtool::sys {

std::vector<int> list_shm_segments() {
    shm_info used{};
    int last = ::shmctl(0, SHM_INFO, reinterpret_cast<shmid_ds*>(&used));
    if (used.used_ids == 0)
        return {};
    return list_ipc(last, [](int index) {
        shmid_ds info{};
        return ::shmctl(index, SHM_STAT, &info);
    });
}

std::optional<ShmSegment> try_stat_shm(int id) {
    shmid_ds info{};
    if (::shmctl(id, IPC_STAT, &info) != 0)
        return std::nullopt;
    ShmSegment segment;
    static_cast<IpcObject&>(segment) = ipc_object(id, info.shm_perm);
    segment.size = info.shm_segsz;
    segment.attached = info.shm_nattch;
    segment.removed = (info.shm_perm.mode & SHM_DEST) != 0;
    return segment;
}

void make_shm(const ShmSegment& segment) {
    int huge =
        segment.huge_shift == 0
            ? 0
            : SHM_HUGETLB | static_cast<int>(segment.huge_shift << HUGETLB_FLAG_ENCODE_SHIFT);
    make_ipc(
        segment, segment.mode,
        {.what = "shared memory segment",
         .next_id = "/proc/sys/kernel/shm_next_id",
         .get = [&](key_t key, int flags) { return ::shmget(key, segment.size, flags | huge); },
         .remove = remove_shm});
}

void set_shm_owner(const ShmSegment& segment) {
    shmid_ds info{};
    fill_permissions(segment, info.shm_perm);
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
