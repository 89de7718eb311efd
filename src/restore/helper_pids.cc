// See helper_pids.h.
#include "restore/helper_pids.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <string>
#include <unordered_set>

#include "arch/x86_64/raw_syscall.h"
#include "base/error.h"
#include "sys/fd.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kFirstOrdinary =
    300;  // below, the kernel gives none but at boot (RESERVED_PIDS)

std::unordered_set<uint32_t> saved_ids(const image::Image& image) {
    std::unordered_set<uint32_t> ids;
    for (const image::Task& task : image.tasks) {
        ids.insert({task.pid(), task.pgid(), task.sid()});
        for (const image::Thread& thread : task.threads())
            ids.insert(thread.tid());
    }
    for (const image::Tty& tty : image.ttys)
        ids.insert(tty.foreground());
    return ids;
}

bool is_free(uint32_t id) {
    return arch::raw_syscall(SYS_kill, id, 0) == -ESRCH;
}

}  // namespace

void assign_helper_pids(const image::Image& image, PidPlan& plan) {
    std::unordered_set<uint32_t> used;
    uint32_t next = 0;
    for (Node& node : plan.nodes) {
        if (node.pid != 0)
            continue;
        if (next == 0) {
            used = saved_ids(image);
            // From the top: the kernel counts upwards.
            next = static_cast<uint32_t>(
                std::stoul(sys::read_file_at(AT_FDCWD, "/proc/sys/kernel/pid_max")));
        }
        do {
            if (--next < kFirstOrdinary)
                fail(Errc::system, "no process number is free for a helper");
        } while (used.contains(next) || !is_free(next));
        node.pid = next;
    }
}

}  // namespace crtool::restore
