// See own_state.h.
#include "restore/own_state.h"

#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <unistd.h>

#include <string>

#include "sys/proc_dir.h"
#include "sys/proc_limits.h"
#include "sys/proc_maps.h"
#include "sys/uapi_compat.h"
#include "sys/vdso_text.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kQueryPersonality = 0xffffffff;

// What glibc (2.36) registered: the area lies at a fixed distance from the thread pointer, which is
// also what every x86_64 compiler takes it for.
OwnRseq own_rseq() {
    if (__rseq_size == 0)
        return {};
    auto thread = reinterpret_cast<uint64_t>(__builtin_thread_pointer());
    // The registered length is that of the original structure, whatever __rseq_size says.
    return {thread + static_cast<uint64_t>(__rseq_offset), 32, RSEQ_SIG};
}

std::vector<int> changed_signals() {
    std::vector<int> changed;
    for (int signal = 1; signal <= 64; signal++) {
        struct sigaction action {};

        if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_DFL)
            changed.push_back(signal);
    }
    return changed;
}

void look_at_areas(const sys::ProcDir& self, OwnState& own) {
    std::vector<sys::Area> areas = sys::parse_maps(self.read("maps"));
    own.vdso_text = sys::own_vdso_text(areas);
    for (const sys::Area& area : areas) {
        own.areas.push_back({area.start, area.end});
        bool code = area.name == "[vdso]";
        if (!code && !area.name.starts_with("[vvar"))
            continue;
        if (own.vdso.start == 0)
            own.vdso.start = area.start;
        if (code)
            own.vdso.code = area.start;
        own.vdso.end = area.end;
    }
}

}  // namespace

OwnState take_own_state() {
    OwnState own;
    own.pid = static_cast<uint32_t>(getpid());
    own.session = static_cast<uint32_t>(getsid(0));
    own.group = static_cast<uint32_t>(getpgid(0));
    sys::ProcDir self(getpid());
    own.status = sys::parse_status(self.read("status"));
    own.securebits = static_cast<uint32_t>(prctl(PR_GET_SECUREBITS));
    own.personality = static_cast<uint32_t>(personality(kQueryPersonality));
    own.oom_score_adj = std::stoi(self.read("oom_score_adj"));
    own.coredump_filter =
        static_cast<uint32_t>(std::stoul(self.read("coredump_filter"), nullptr, 16));
    if (std::optional<std::string> uid = self.try_read("loginuid"))
        own.loginuid = static_cast<uint32_t>(std::stoul(*uid));
    look_at_areas(self, own);
    own.rseq = own_rseq();
    own.changed_signals = changed_signals();
    own.timer_ids =
        prctl(PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_GET, 0L, 0L, 0L) >= 0;
    sys::raise_own_limits();
    return own;
}

}  // namespace crtool::restore
