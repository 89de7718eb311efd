// A visit in a dumped task: run a script, tell the host, sleep until the next word.
//
// Sleeping is done in calls that leave the restart block of the thread alone (recvfrom, ppoll:
// kernel/signal restarts them by their registers), because the thread may itself have been stopped
// in a nanosleep or poll whose restart block the kernel will need when crtool has left.
//
// The leader takes one byte from the control socket per further script. End of file means that
// crtool is gone; threads see the same as a hang-up. Then the visit ends itself: descriptors
// closed, registers and mask back through the prepared signal frame.
#include "arch/x86_64/raw_syscall.h"
#include "parasite/blob/blob.h"

namespace crtool::blob {
namespace {

using namespace parasite;

constexpr uint64_t kSysClose = 3;
constexpr uint64_t kSysRecvfrom = 45;
constexpr uint64_t kSysFutex = 202;
constexpr uint64_t kSysPpoll = 271;
constexpr uint64_t kFutexWake = 1;

struct PollFd {
    int fd;
    short events, revents;
};

void tell_host(Script* script) {
    __atomic_store_n(&script->state, kDone, __ATOMIC_SEQ_CST);
    arch::raw_syscall(kSysFutex, reinterpret_cast<uint64_t>(&script->state), kFutexWake, 1);
}

// False: crtool is gone.
bool next_word(const Visit* visit) {
    char byte = 0;
    int64_t got = arch::raw_syscall(kSysRecvfrom, static_cast<uint64_t>(visit->control_fd),
                                    reinterpret_cast<uint64_t>(&byte), 1);
    return got == 1;
}

void wait_for_hangup(const Visit* visit) {
    PollFd poll = {visit->control_fd, 0, 0};
    while (arch::raw_syscall(kSysPpoll, reinterpret_cast<uint64_t>(&poll), 1, 0, 0, 8) <= 0) {
    }
}

}  // namespace
}  // namespace crtool::blob

extern "C" void blob_visit(crtool::parasite::Visit* visit) {
    using namespace crtool::blob;
    using namespace crtool::parasite;
    do {
        auto* script = reinterpret_cast<Script*>(visit->script);
        run(script);
        uint32_t after = visit->after;
        tell_host(script);
        if (after == kHangUp)
            wait_for_hangup(visit);
    } while (visit->after == kNext && next_word(visit));
    // crtool is gone. The leader closes what was opened for it; everybody goes home.
    if (visit->after == kNext) {
        crtool::arch::raw_syscall(kSysClose, static_cast<uint64_t>(visit->control_fd));
        if (visit->close_fd >= 0)
            crtool::arch::raw_syscall(kSysClose, static_cast<uint64_t>(visit->close_fd));
    }
    blob_sigreturn(visit->frame);
}
