// See file_lock.h.
#include "restore/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>

#include <ranges>

namespace crtool::restore {

void emit_locks(const image::Task& task, parasite::ScriptBuilder& script) {
    // The kernel keeps an owner's ranges in order and looks for the place of a new one from the
    // start.
    for (const image::FileLock& lock : std::views::reverse(task.locks())) {
        script.about("lock of descriptor", lock.fd());
        if (lock.kind() == image::FileLock::FLOCK) {
            script.call("take it", SYS_flock,
                        {lock.fd(), (lock.exclusive() ? LOCK_EX : LOCK_SH) | LOCK_NB});
            continue;
        }
        int type = lock.exclusive() ? F_WRLCK : F_RDLCK;
        if (lock.kind() == image::FileLock::LEASE) {
            script.call("take it", SYS_fcntl, {lock.fd(), F_SETLEASE, type});
            continue;
        }

        struct flock range {};

        range.l_type = static_cast<short>(type);
        range.l_whence = SEEK_SET;
        range.l_start = static_cast<off_t>(lock.start());
        range.l_len = static_cast<off_t>(lock.length());
        int command = lock.kind() == image::FileLock::OFD ? F_OFD_SETLK : F_SETLK;
        script.call("take it", SYS_fcntl, {lock.fd(), command, script.arena().put(range)});
    }
}

}  // namespace crtool::restore
