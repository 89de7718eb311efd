// A task's directory in /proc, held open, so that a reused pid cannot lie.
//
// The descriptor stays bound to the task it was opened for: once that task is reaped, every look-up
// through it fails, also when another task has got the same number. Names are relative to the
// directory ("maps", "task/7/stat", "fd/3").
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.h"

namespace crtool::sys {

// "/proc/PID/task/TID/NAME", "/proc/PID/NAME", "/proc/PID" and the like.
struct ProcPath {
    pid_t pid = 0;
    pid_t tid = 0;          // 0: not below "task/"
    std::string_view name;  // what follows, with its slash

    // The same of another task, of one thread.
    std::string of(pid_t other) const;
};

// nullopt: it is no file of a task.
std::optional<ProcPath> parse_proc_path(std::string_view path);

class ProcDir {
  public:
    // Opens /proc/PID; throws Errc::gone when there is no such task. `pid` may be a thread's id:
    // /proc shows those too, under the directory of their own number.
    explicit ProcDir(pid_t pid);

    // The same, but a task that does not exist is a value.
    static std::optional<ProcDir> try_open(pid_t pid);

    // /proc/PID/task/TID of a thread of this task.
    ProcDir thread(pid_t tid) const;
    std::optional<ProcDir> try_thread(pid_t tid) const;

    // The id the directory was opened for, and the directory itself.
    pid_t pid() const { return pid_; }

    int fd() const { return dir_.get(); }

    // False once the task has been reaped (a zombie still exists).
    bool exists() const;

    // Whole content of a file. Throws Errc::gone when the task has gone, Errc::system otherwise.
    std::string read(const std::string& name) const;
    // The same; nullopt when the task has gone or the kernel has no such file.
    std::optional<std::string> try_read(const std::string& name) const;

    // Opens a file in it; errors as read().
    UniqueFd open(const std::string& name, int flags) const;
    std::optional<UniqueFd> try_open(const std::string& name, int flags) const;

    // Target of a symbolic link, as the kernel prints it; nullopt when it or the task has gone.
    std::optional<std::string> link(const std::string& name) const;

    // Open descriptors of the task, ascending. Empty for a zombie.
    std::vector<int> fds() const;
    // Thread ids, ascending, the leader's among them also when it is a zombie. None: the task has
    // gone.
    std::vector<pid_t> threads() const;
    // Children of all threads, ascending, zombies included. Exact only while the task is stopped
    // (the kernel walks a live list). Needs CONFIG_PROC_CHILDREN.
    std::vector<pid_t> children() const;

  private:
    ProcDir(pid_t pid, UniqueFd dir) : pid_(pid), dir_(std::move(dir)) {}

    [[noreturn]] void fail_gone() const;

    pid_t pid_;
    UniqueFd dir_;
};

// Names in an open directory that are numbers, ascending; everything else is skipped. Reads from
// the start of the directory, whatever was read before.
std::vector<int> list_numbers(int dir);

}  // namespace crtool::sys
