// See proc_stat.h. Field numbers are those of proc_pid_stat(5).
#include "sys/proc_stat.h"

#include "base/error.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

// Steps over `count` fields, each with the blank before it.
void skip_fields(TextScanner& scanner, int count) {
    for (int i = 0; i < count; ++i) {
        scanner.expect(' ');
        if (scanner.word().empty())
            scanner.fail_here("missing field");
    }
}

uint64_t next_dec(TextScanner& scanner) {
    scanner.expect(' ');
    return scanner.dec();
}

int next_int(TextScanner& scanner) {
    scanner.expect(' ');
    return scanner.signed_int();
}

void parse_ids(TextScanner& scanner, TaskStat& stat) {
    scanner.expect(' ');
    stat.state = scanner.peek();
    scanner.expect(stat.state);
    stat.ppid = next_int(scanner);
    stat.pgrp = next_int(scanner);
    stat.session = next_int(scanner);
    stat.tty_nr = next_int(scanner);
    stat.tpgid = next_int(scanner);
    stat.flags = static_cast<uint32_t>(next_dec(scanner));
    skip_fields(scanner, 9);  // 10 minflt … 18 priority
    stat.nice = next_int(scanner);
    stat.num_threads = next_int(scanner);
    skip_fields(scanner, 1);  // 21 itrealvalue
    stat.starttime = next_dec(scanner);
}

void parse_addresses(TextScanner& scanner, TaskStat& stat) {
    skip_fields(scanner, 3);  // 23 vsize, rss, rsslim
    stat.start_code = next_dec(scanner);
    stat.end_code = next_dec(scanner);
    stat.start_stack = next_dec(scanner);
    skip_fields(scanner, 9);  // 29 kstkesp … 37 cnswap
    stat.exit_signal = next_int(scanner);
    skip_fields(scanner, 1);  // 39 processor
    stat.rt_priority = static_cast<uint32_t>(next_dec(scanner));
    stat.policy = static_cast<uint32_t>(next_dec(scanner));
    skip_fields(scanner, 3);  // 42 blkio delay, guest_time, cguest_time
    stat.start_data = next_dec(scanner);
    stat.end_data = next_dec(scanner);
    stat.start_brk = next_dec(scanner);
    stat.arg_start = next_dec(scanner);
    stat.arg_end = next_dec(scanner);
    stat.env_start = next_dec(scanner);
    stat.env_end = next_dec(scanner);
    stat.exit_code = next_int(scanner);
}

}  // namespace

TaskStat parse_stat(std::string_view text) {
    // comm is unescaped and may hold anything, ") R 1" included; no later field has a parenthesis.
    size_t open = text.find('(');
    size_t close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        fail(Errc::internal, "cannot parse stat: no command name");
    TaskStat stat;
    TextScanner head(text.substr(0, open), "stat");
    stat.pid = head.signed_int();
    head.expect(' ');
    stat.comm = text.substr(open + 1, close - open - 1);
    TextScanner scanner(text.substr(close + 1), "stat");
    parse_ids(scanner, stat);
    parse_addresses(scanner, stat);
    return stat;
}

}  // namespace crtool::sys
