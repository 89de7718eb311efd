// System V shared memory (shmget(2), shmctl(2)), errors as exceptions.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sys/sysv_ipc.h"

namespace crtool::sys {

struct ShmSegment : IpcObject {
    uint64_t size = 0;
    uint32_t huge_shift = 0;  // for making it: logarithm of the page size; 0: ordinary pages
    uint64_t attached = 0;
    bool removed = false;  // goes with its last attachment
};

// Ids of all segments of the IPC namespace.
std::vector<int> list_shm_segments();
// nullopt: there is none with this id, or it may not be looked at.
std::optional<ShmSegment> try_stat_shm(int id);
// A new segment with exactly this id, creator, key and size. EEXIST: the id or the key is taken.
void make_shm(const ShmSegment& segment);
// Owner and mode.
void set_shm_owner(const ShmSegment& segment);
// IPC_RMID.
void remove_shm(int id);

// A segment attached to crtool itself, for reading and writing.
class ShmAttachment {
  public:
    ShmAttachment(int id, uint64_t size);
    ~ShmAttachment();
    ShmAttachment(const ShmAttachment&) = delete;
    ShmAttachment& operator=(const ShmAttachment&) = delete;

    std::span<std::byte> bytes() const { return {address_, size_}; }

  private:
    std::byte* address_ = nullptr;
    uint64_t size_ = 0;
};

}  // namespace crtool::sys
