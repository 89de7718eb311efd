// /proc/PID/status and /proc/PID/task/TID/status: ids, masks, capabilities, seccomp.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crtool::sys {

// Lines of proc_pid_status(5). Ids are as the reader's user and pid namespaces see them.
struct TaskStatus {
    std::string name;  // comm; \n and backslash unescaped
    uint32_t umask = 0;
    char state = '?';
    pid_t tgid = 0;
    pid_t pid = 0;
    pid_t ppid = 0;
    pid_t tracer_pid = 0;
    std::array<uid_t, 4> uids{};  // real, effective, saved, filesystem
    std::array<gid_t, 4> gids{};
    std::vector<gid_t> groups;
    // One id for each pid namespace from the reader's own inwards; the last is the task's own view.
    std::vector<pid_t> ns_tgid;
    std::vector<pid_t> ns_pid;
    std::vector<pid_t> ns_pgid;
    std::vector<pid_t> ns_sid;
    bool kthread = false;  // kernel ≥ 6.8
    int threads = 0;
    uint64_t signals_queued = 0;  // SigQ, of the real uid
    uint64_t signals_limit = 0;
    // Signal masks: bit n − 1 is signal n.
    uint64_t sig_pending = 0;
    uint64_t shd_pending = 0;
    uint64_t sig_blocked = 0;
    uint64_t sig_ignored = 0;
    uint64_t sig_caught = 0;
    // Capability sets.
    uint64_t cap_inheritable = 0;
    uint64_t cap_permitted = 0;
    uint64_t cap_effective = 0;
    uint64_t cap_bounding = 0;
    uint64_t cap_ambient = 0;
    bool no_new_privs = false;
    int seccomp_mode = 0;                     // 0 none, 1 strict, 2 filter
    std::optional<uint32_t> seccomp_filters;  // kernel ≥ 5.9
    std::optional<bool> thp_enabled;          // kernel ≥ 5.0; absent without an address space
    std::optional<uint64_t> vm_rss_kb;        // absent without an address space (zombie)
};

// Throws Errc::internal on malformed lines; lines it does not know are skipped.
TaskStatus parse_status(std::string_view text);

}  // namespace crtool::sys
