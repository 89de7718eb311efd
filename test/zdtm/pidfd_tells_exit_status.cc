// By a pidfd can be learnt how its process or thread ended: of those that had been waited for
// before, of a zombie that is waited for afterwards, and of one that lives on.
#include <signal.h>

#include <thread>

#include "family.h"
#include "pidfd.h"

using zdtm::exit_status_of;
using zdtm::open_pidfd;

namespace {

int pidfd_of_reaped(pid_t child) {
    const int fd = open_pidfd(child);
    CHECK_EQ(waitpid(child, nullptr, 0), child);
    return fd;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const int exited = pidfd_of_reaped(zdtm::fork_child([] { _exit(213); }));
    if (exit_status_of(exited) == -1) {
        zdtm::skip("the kernel does not keep how a process ended");
    }
    const int killed = pidfd_of_reaped(zdtm::fork_child([] { raise(SIGTERM); }));
    const int by_last_signal = pidfd_of_reaped(zdtm::fork_child([] { raise(SIGRTMAX); }));
    int thread = -1;
    std::thread([&] {
        thread = open_pidfd(gettid(), zdtm::kOfThread);
        syscall(SYS_exit, 5);
    }).join();
    zdtm::wait_until([&] { return (zdtm::events_of(thread) & POLLHUP) != 0; });
    const pid_t zombie = zdtm::fork_child([] { _exit(77); });
    const int of_zombie = open_pidfd(zombie);
    zdtm::wait_zombie(zombie);
    const pid_t living = zdtm::fork_child([=] {
        gate->wait();
        _exit(7);
    });
    const int of_living = open_pidfd(living);
    gate->expect(1);

    zdtm::checkpoint_here();

    CHECK_EQ(exit_status_of(exited), 213 << 8);
    CHECK_EQ(exit_status_of(killed), SIGTERM);
    CHECK_EQ(exit_status_of(by_last_signal), SIGRTMAX);
    CHECK_EQ(exit_status_of(thread), 5 << 8);
    CHECK_EQ(exit_status_of(of_zombie), -1);
    zdtm::expect_exit(zombie, 77);
    CHECK_EQ(exit_status_of(of_zombie), 77 << 8);
    CHECK_EQ(exit_status_of(of_living), -1);
    gate->open();
    zdtm::expect_exit(living, 7);
    CHECK_EQ(exit_status_of(of_living), 7 << 8);
    zdtm::pass();
}
