// Each thread keeps its own mask of blocked signals and its own pending signals; a signal for the
// process is caught by the only thread that does not block it.
#include <array>

#include "signals.h"
#include "threads.h"

namespace {

constexpr std::array<uint64_t, 4> kMasks = {0x0000000000001a00, 0xfffffffc7ffafa00,
                                            0x8000000000000a00, 0x0000000000000a00};
std::atomic<pid_t> caught_in;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::catch_with(SIGUSR1, [](int, siginfo_t*, void*) { caught_in = zdtm::thread_id(); });
    zdtm::block({SIGUSR1, SIGUSR2});
    zdtm::checkpoint_with_threads(
        kMasks.size(),
        [](int i) {
            CHECK_SYS(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &kMasks[i], nullptr, 8));
            if (i == 2) {
                CHECK_SYS(syscall(SYS_tgkill, getpid(), zdtm::thread_id(), SIGUSR2));
            }
        },
        [](int i) {
            CHECK_EQ(zdtm::blocked_mask(), kMasks[i]);
            // SIGUSR1 may be on its way to the thread that takes it.
            const uint64_t own = zdtm::pending_mask() & ~zdtm::bit(SIGUSR1);
            CHECK_EQ(own, i == 2 ? zdtm::bit(SIGUSR2) : 0);
            if (i == 1) {
                zdtm::unblock({SIGUSR1});
                CHECK_SYS(kill(getpid(), SIGUSR1));
                zdtm::wait_until([] { return caught_in != 0; });
                CHECK_EQ(caught_in, zdtm::thread_id());
            }
        });
    CHECK_EQ(zdtm::blocked_mask(), zdtm::bit(SIGUSR1) | zdtm::bit(SIGUSR2));
    zdtm::pass();
}
