// /proc/PID/stat and /proc/PID/task/TID/stat: the fields that a checkpoint needs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace crtool::sys {

// Fields as in proc_pid_stat(5), in its order. Addresses are 0 without PTRACE_MODE_READ access.
struct TaskStat {
    pid_t pid = 0;
    std::string comm;  // raw bytes, blanks and parentheses included
    char state = '?';  // R S D T t Z X I …
    pid_t ppid = 0;
    pid_t pgrp = 0;
    pid_t session = 0;
    int tty_nr = 0;  // device number, 0 for none
    pid_t tpgid = 0;
    uint32_t flags = 0;  // PF_*
    int nice = 0;
    int num_threads = 0;
    uint64_t starttime = 0;  // clock ticks since boot
    uint64_t start_code = 0;
    uint64_t end_code = 0;
    uint64_t start_stack = 0;
    uint32_t rt_priority = 0;
    uint32_t policy = 0;
    uint64_t start_data = 0;
    uint64_t end_data = 0;
    uint64_t start_brk = 0;
    uint64_t arg_start = 0;
    uint64_t arg_end = 0;
    uint64_t env_start = 0;
    uint64_t env_end = 0;
    int exit_signal = 0;  // sent to the parent at death; -1 in threads that lead no group
    int exit_code = 0;    // as wait4 would report it, also for a zombie
};

// Throws Errc::internal on anything that is not a stat line.
TaskStat parse_stat(std::string_view text);

}  // namespace crtool::sys
