// Checks of validate() about a single task, but for its signals, threads and memory.
#include <sys/stat.h>

#include <algorithm>

#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

constexpr int kLimits = 16;  // RLIM_NLIMITS
// SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH.
constexpr uint32_t kHarmless = 1U << 17 | 1U << 18 | 0xfU << 19 | 1U << 23 | 1U << 28;

void check_state(const Task& task) {
    if (!Task::State_IsValid(task.state()))
        refuse("its state {} is not known", static_cast<int>(task.state()));
    check_signal_or_none(task.exit_signal(), "its exit signal");
    check_wait_status(task.wait_status());
    constexpr uint32_t kStop = 19;  // SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU follow each other
    if (task.state() == Task::STOPPED && (task.stop_signal() < kStop || task.stop_signal() > 22))
        refuse("it is stopped by {}, which stops nobody", task.stop_signal());
    if (task.continuation() && (task.state() != Task::RUNNING || task.ppid() == 0))
        refuse("it cannot have been continued");
}

void check_leader(const Task& task) {
    if (task.state() == Task::ZOMBIE) {
        if (task.threads_size() > 1)
            refuse("it is a zombie with {} threads", task.threads_size());
        if (task.threads_size() == 1 && task.threads(0).tid() != task.pid())
            refuse("its only thread is {}", task.threads(0).tid());
        return;
    }
    if (task.threads().empty() || task.threads(0).tid() != task.pid())
        refuse("its threads do not begin with its leader");
    if (task.leader_exited() != task.threads(0).exited())
        refuse("its leader has exited, or not?");
    if (task.leader_exited() && task.threads_size() == 1)
        refuse("its only thread has exited, but it is no zombie");
}

const OpenFile& file_of(const Index& index, uint32_t id, const char* what) {
    const OpenFile* file = index.file(id);
    if (file == nullptr)
        refuse("its {} is the open file {}, which is not in the image", what, id);
    return *file;
}

void check_directories(const Index& index, const Task& task) {
    if (task.umask() > 0777)
        refuse("its umask is {:#o}", task.umask());
    auto directory = [&](uint32_t id, const char* what) {
        if (id == 0 && task.shares_fs() != 0)
            return;
        if (!S_ISDIR(file_of(index, id, what).regular().mode()))
            refuse("its {} is the open file {}, which is no directory", what, id);
    };
    directory(task.cwd(), "cwd");
    directory(task.root(), "root");
}

// fexecve(3) can run a memfd.
void check_program(const Index& index, const Task& task) {
    if (task.exe() == 0 && task.shares_vm() != 0)
        return;
    const OpenFile& exe = file_of(index, task.exe(), "exe");
    if (!S_ISREG(exe.regular().mode()) && !exe.has_memfd())
        refuse("its exe is the open file {}, which is no regular file", task.exe());
}

void check_limits(const Task& task) {
    if (task.limits_size() != kLimits)
        refuse("it has {} limits instead of {}", task.limits_size(), kLimits);
    for (int i = 0; i < kLimits; ++i) {
        check_known(task.limits(i));
        if (task.limits(i).soft() > task.limits(i).hard())
            refuse("its limit {} is soft {} over hard {}", i, task.limits(i).soft(),
                   task.limits(i).hard());
    }
}

// A dead task has nothing left but its name and how it ended.
void check_zombie(const Task& task) {
    if (task.has_mm() || !task.fds().empty() || !task.actions().empty() ||
        !task.shared_pending().empty() || !task.itimers().empty() || !task.posix_timers().empty())
        refuse("it is a zombie, but has memory, descriptors, handlers, signals or timers");
}

void check_locks(const Task& task) {
    for (const FileLock& lock : task.locks()) {
        check_known(lock);
        bool open = std::ranges::binary_search(task.fds(), lock.fd(), {}, &Fd::fd);
        if (!open || !FileLock::Kind_IsValid(lock.kind()))
            refuse("it has a lock of kind {} through descriptor {}", static_cast<int>(lock.kind()),
                   lock.fd());
        check_offset(lock.start(), "the start of a lock");
        check_offset(lock.length(), "the length of a lock");
    }
}

}  // namespace

// An exit code in the upper byte, or a signal with perhaps the core bit.
void check_wait_status(uint32_t status) {
    uint32_t signal = status & 0x7f;
    bool exited = signal == 0 && (status & 0x80) == 0;
    bool kills =
        signal != 0 && signal <= kMaxSignal && (signal > 31 || (kHarmless >> signal & 1) == 0);
    if (status > 0xffff || (!exited && !(kills && status >> 8 == 0)))
        refuse("its wait status {:#x} is none of wait4", status);
}

void check_task(const Index& index, const Task& task) {
    check_text(task.comm(), 15, "its name");
    check_state(task);
    check_leader(task);
    if (task.state() == Task::ZOMBIE)
        return check_zombie(task);
    check_directories(index, task);
    check_program(index, task);
    check_limits(task);
    if (task.oom_score_adj() < -1000 || task.oom_score_adj() > 1000)
        refuse("its oom_score_adj is {}", task.oom_score_adj());
    if (task.dumpable() > 2)
        refuse("its dumpable is {}", task.dumpable());
    if (task.thp_disable() > 3 || task.thp_disable() == 2)  // a flag alone
        refuse("its PR_SET_THP_DISABLE flags are {:#x}", task.thp_disable());
    if (task.mdwe() > 3)
        refuse("its PR_SET_MDWE flags are {:#x}", task.mdwe());
    if (task.coredump_filter() > 0xfff)
        refuse("its coredump filter is {:#x}", task.coredump_filter());
}

void check_fds(const Index& index, const Task& task) {
    if (task.shares_files() != 0 && !task.fds().empty())
        refuse("it has descriptors of its own and shares those of {}", task.shares_files());
    int64_t last = -1;
    for (const Fd& fd : task.fds()) {
        check_known(fd);
        if (fd.fd() <= last)
            refuse("descriptor {} comes after {}", fd.fd(), last);
        if (fd.fd() >= kMaxFd)
            refuse("descriptor {} is too large", fd.fd());
        if (index.file(fd.file()) == nullptr)
            refuse("descriptor {} is the open file {}, which is not in the image", fd.fd(),
                   fd.file());
        last = fd.fd();
    }
    check_locks(task);
}

}  // namespace crtool::image::checks
