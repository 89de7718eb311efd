// What the coordinator is itself, as far as restored tasks inherit it: what need not be set again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "restore/memory_plan.h"
#include "sys/proc_status.h"

namespace crtool::restore {

// How glibc has registered the calling thread with rseq(2); address 0: not at all.
struct OwnRseq {
    uint64_t address = 0;
    uint32_t length = 0;
    uint32_t signature = 0;
};

// The block of vdso data pages and code.
struct VdsoPlace {
    uint64_t start = 0;
    uint64_t code = 0;
    uint64_t end = 0;
};

// The audit log's uid of who has not logged in.
inline constexpr uint32_t kNoLoginuid = ~uint32_t{0};

struct OwnState {
    uint32_t pid = 0;
    uint32_t session = 0;
    uint32_t group = 0;
    sys::TaskStatus status;  // credentials
    uint32_t securebits = 0;
    uint32_t personality = 0;
    int oom_score_adj = 0;
    uint32_t coredump_filter = 0;
    uint32_t loginuid = kNoLoginuid;
    OwnRseq rseq;
    VdsoPlace vdso;
    std::string vdso_text;             // its code
    std::vector<Range> areas;          // mapped in the coordinator, ascending
    std::vector<int> changed_signals;  // not SIG_DFL in the coordinator
    bool timer_ids = false;            // PR_TIMER_CREATE_RESTORE_IDS, kernel ≥ 6.15
};

// Reads the state of the calling process and raises its soft limits to the hard ones, so that
// restored tasks are not bound by them before they get their own.
OwnState take_own_state();

}  // namespace crtool::restore
