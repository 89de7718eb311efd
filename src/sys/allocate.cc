// Room in a file before it is written: see file_calls.h.
//
// fallocate(2) makes tmpfs take its memory page by page, 1 us each, which is more than it takes to
// fill them. So whole 2 MiB of it become one huge page first: collapsing them (madvise(2),
// MADV_COLLAPSE, kernel ≥ 6.1) works whatever the mount and the THP settings say, wants one page
// to be there already, and costs a quarter. It does not matter when that fails or stops in the
// middle: fallocate then does the rest.
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>

#include "base/error.h"
#include "base/scope_exit.h"
#include "sys/file_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

constexpr uint64_t kHuge = 2 << 20;
// When the kernel has to move pages about to find a huge one, small ones are faster.
constexpr std::chrono::milliseconds kTooLong{5};

uint64_t round_up_to_huge(uint64_t value) {
    return (value + kHuge - 1) / kHuge * kHuge;
}

bool collapse(int fd, std::byte* start, uint64_t offset) {
    // The last byte, so that the whole range is within the file.
    if (::pwrite(fd, "", 1, static_cast<off_t>(offset + kHuge - 1)) != 1)
        return false;
    auto before = std::chrono::steady_clock::now();
    if (::madvise(start, kHuge, MADV_COLLAPSE) != 0)
        return false;
    ::madvise(start, kHuge, MADV_DONTNEED);  // it is the file's, and shall not count as crtool's
    return std::chrono::steady_clock::now() - before < kTooLong;
}

void allocate_huge(int fd, uint64_t offset, uint64_t length) {
    uint64_t first = round_up_to_huge(offset);
    uint64_t end = (offset + length) / kHuge * kHuge;
    if (first >= end || filesystem_of(fd) != TMPFS_MAGIC)
        return;
    // The kernel collapses only where addresses are aligned as offsets are. What is mapped into the
    // room goes with it.
    uint64_t bytes = end - first + kHuge;
    void* room = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return;
    ScopeExit unmap([&] { ::munmap(room, bytes); });
    auto* start = reinterpret_cast<std::byte*>(round_up_to_huge(reinterpret_cast<uint64_t>(room)));
    if (::mmap(start, end - first, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
               static_cast<off_t>(first)) == MAP_FAILED)
        return;
    for (uint64_t done = 0; first + done < end; done += kHuge)
        if (!collapse(fd, start + done, first + done))
            return;
}

}  // namespace

void allocate(int fd, uint64_t offset, uint64_t length) {
    if (length == 0)
        return;
    allocate_huge(fd, offset, length);
    if (::fallocate(fd, 0, static_cast<off_t>(offset), static_cast<off_t>(length)) == 0)
        return;
    if (errno != EOPNOTSUPP)
        fail_errno(errno, "no room for {} bytes of memory content", length);
}

}  // namespace crtool::sys
