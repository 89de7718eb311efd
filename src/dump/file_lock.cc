// See file_lock.h.
#include "dump/file_lock.h"

#include <fmt/format.h>

#include <algorithm>

#include "sys/proc_locks.h"

namespace crtool::dump {
namespace {

using Kind = sys::FileLock::Kind;

image::FileLock::Kind kind_of(const sys::FileLock& lock) {
    switch (lock.kind) {
        case Kind::flock:
            return image::FileLock::FLOCK;
        case Kind::posix:
            return image::FileLock::POSIX;
        case Kind::ofd:
            return image::FileLock::OFD;
        case Kind::lease:
            return image::FileLock::LEASE;
    }
    return image::FileLock::FLOCK;
}

void record(const sys::FileLock& lock, uint32_t fd, image::FileLock& out) {
    out.set_kind(kind_of(lock));
    out.set_fd(fd);
    out.set_exclusive(lock.type == sys::FileLock::Type::write);
    if (lock.kind != Kind::posix && lock.kind != Kind::ofd)
        return;
    out.set_start(lock.start);
    out.set_length(lock.length);
}

}  // namespace

void LockSet::add(const sys::FdInfo& info, uint32_t fd, uint32_t file, image::Task& task) {
    if (!info.find("lock"))
        return;
    if (task_ != task.pid())
        here_.clear();
    task_ = task.pid();
    bool again = !here_.insert(file).second;  // a duplicate shows the same locks
    bool first = owned_.insert(file).second;
    for (const sys::FdInfoLine& line : info.lines) {
        if (line.key != "lock")
            continue;
        std::optional<sys::FileLock> lock = sys::parse_lock(line.value);
        if (!lock || (lock->kind == Kind::posix ? again : !first))
            continue;
        std::string object = fmt::format("descriptor {}", fd);
        if (!options_.file_locks)
            problems_.add(task.pid(), object, "holds a file lock",
                          "allow it with --file-locks, if nobody else takes the lock meanwhile");
        else if (lock->breaking || lock->type == sys::FileLock::Type::unlocked)
            problems_.add(task.pid(), object, "holds a lease that somebody is waiting for",
                          "try again a moment later", Lasts::a_moment);
        else
            record(*lock, fd, *task.add_locks());
    }
}

}  // namespace crtool::dump
