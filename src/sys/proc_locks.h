// Locks as /proc shows them: a "lock:" line of fdinfo, a line of /proc/locks (proc_locks(5)).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace crtool::sys {

struct FileLock {
    enum class Kind { flock, posix, ofd, lease };
    enum class Type { read, write, unlocked };

    Kind kind = Kind::flock;
    Type type = Type::read;
    bool breaking = false;  // a lease that somebody waits for
    pid_t pid = 0;          // who set it; −1 for an OFD lock
    uint64_t start = 0;
    uint64_t length = 0;  // 0: to the end
};

// "1: POSIX  ADVISORY  WRITE 359 00:13:11691 0 EOF". nullopt: of a kind that user space does not
// set (a delegation of the NFS server). Throws Errc::internal on malformed text.
std::optional<FileLock> parse_lock(std::string_view line);

}  // namespace crtool::sys
