// See apart.h.
#include "sys/apart.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>

#include "base/error.h"
#include "sys/child.h"
#include "sys/mapping.h"

namespace crtool::sys {
namespace {

constexpr size_t kStack = 1 << 20;  // what is not used costs nothing
constexpr const char* kName = "cr-look";

}  // namespace

// Of the caller of run().
struct ApartTask {
    const std::function<void(const Apart&)>& work;
    Apart apart;
    std::exception_ptr failure;
};

bool Apart::is_alone() const {
    return ::getppid() != parent_;
}

int Apart::enter(void* argument) {
    auto& task = *static_cast<ApartTask*>(argument);
    ::prctl(PR_SET_NAME, kName);
    ::setsid();
    try {
        task.work(task.apart);
    } catch (...) {
        task.failure = std::current_exception();
    }
    return 0;
}

// CLONE_VFORK: both have the one thread-local storage, so only one may run. The kernel wakes who
// waits so for SIGKILL only (wait_for_vfork_done of kernel/fork.c).
void Apart::run(const std::function<void(const Apart&)>& work) {
    ApartTask task{work, Apart(::getpid()), nullptr};
    Mapping stack(nullptr, kStack, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    pid_t pid = ::clone(enter, stack.data() + kStack,
                        CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &task);
    if (pid < 0)
        fail_errno(errno, "cannot start a process to look at what is to be put back");
    int status = ChildProcess(pid).wait();
    if (task.failure)
        std::rethrow_exception(task.failure);
    if (status != 0)
        fail(Errc::system, "the process that looked at what is to be put back was killed");
}

}  // namespace crtool::sys
