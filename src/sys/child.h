// A child process of crtool that is killed and reaped when its owner goes away.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "sys/fd.h"

namespace crtool::sys {

class ChildProcess {
  public:
    ChildProcess() = default;

    // Takes over a child that was made elsewhere. `pid` must be a child of this process that nobody
    // else waits for.
    explicit ChildProcess(pid_t pid) : pid_(pid) {}

    ChildProcess(ChildProcess&& other) noexcept : pid_(other.release()) {}

    ChildProcess& operator=(ChildProcess&& other) noexcept;
    // Kills with SIGKILL and reaps, unless waited for or released.
    ~ChildProcess();

    // Forks; the child runs `body` and ends with its return value through _exit(2), so that no
    // destructor or atexit handler of the parent runs twice. An exception in it ends the child with
    // status 70. `clone_flags` are CLONE_NEW* flags and such for clone3(2), without CLONE_VM.
    static ChildProcess spawn(const std::function<int()>& body, uint64_t clone_flags = 0);

    // 0 when there is no child to care for.
    pid_t pid() const { return pid_; }

    bool running() const { return pid_ != 0; }

    // waitpid(2) to the end: the raw status word.
    int wait();
    // The same without blocking: nullopt while it lives.
    std::optional<int> try_wait();
    // Sends a signal; the child is ours and not reaped, so its pid cannot be another's.
    void send_signal(int signal) const;

    // Gives up ownership: neither killed nor reaped any more.
    pid_t release() { return std::exchange(pid_, 0); }

  private:
    void kill_and_reap() noexcept;

    pid_t pid_ = 0;
};

}  // namespace crtool::sys
