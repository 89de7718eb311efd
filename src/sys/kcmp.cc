// See kcmp.h.
#include "sys/kcmp.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/error.h"

namespace crtool::sys {
namespace {

std::strong_ordering compare(pid_t a, pid_t b, int type, uint64_t index_a, uint64_t index_b) {
    long order = ::syscall(SYS_kcmp, a, b, type, index_a, index_b);
    switch (order) {
        case 0:
            return std::strong_ordering::equal;
        case 1:
            return std::strong_ordering::less;
        case 2:
            return std::strong_ordering::greater;
        default:
            break;
    }
    if (order < 0 && errno == ESRCH)
        fail(Errc::gone, "task {} or {} has gone", a, b);
    if (order < 0)
        fail_errno(errno, "cannot compare objects of tasks {} and {}", a, b);
    // kcmp(2) reserves 3 for "not equal, and no order can be told"; no kernel returns it.
    fail(Errc::internal, "kcmp of tasks {} and {} gave {}", a, b, order);
}

int kernel_type(KcmpKind kind) {
    switch (kind) {
        case KcmpKind::memory:
            return KCMP_VM;
        case KcmpKind::files:
            return KCMP_FILES;
        case KcmpKind::fs:
            return KCMP_FS;
        case KcmpKind::signal_handlers:
            return KCMP_SIGHAND;
        case KcmpKind::io_context:
            return KCMP_IO;
        case KcmpKind::sysv_sem:
            return KCMP_SYSVSEM;
    }
    fail(Errc::internal, "no such kind for kcmp");
}

}  // namespace

std::strong_ordering kcmp(pid_t a, pid_t b, KcmpKind kind) {
    return compare(a, b, kernel_type(kind), 0, 0);
}

std::strong_ordering kcmp_file(pid_t a, int fd_a, pid_t b, int fd_b) {
    return compare(a, b, KCMP_FILE, static_cast<uint64_t>(fd_a), static_cast<uint64_t>(fd_b));
}

bool same_file(pid_t a, int fd_a, pid_t b, int fd_b) {
    return ::syscall(SYS_kcmp, a, b, KCMP_FILE, static_cast<uint64_t>(fd_a),
                     static_cast<uint64_t>(fd_b)) == 0;
}

std::strong_ordering kcmp_epoll_target(pid_t a, int fd, pid_t b, int epoll_fd, int watched_fd,
                                       unsigned index) {
    kcmp_epoll_slot slot{};
    slot.efd = static_cast<uint32_t>(epoll_fd);
    slot.tfd = static_cast<uint32_t>(watched_fd);
    slot.toff = index;
    return compare(a, b, KCMP_EPOLL_TFD, static_cast<uint64_t>(fd),
                   reinterpret_cast<uint64_t>(&slot));
}

}  // namespace crtool::sys
