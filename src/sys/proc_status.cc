// See proc_status.h. A table maps line names to what reads their value.
#include "sys/proc_status.h"

#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

using Reader = void (*)(TextScanner&, TaskStatus&);

template <auto Field>
void read_int(TextScanner& scanner, TaskStatus& status) {
    status.*Field = scanner.signed_int();
}

template <auto Field>
void read_mask(TextScanner& scanner, TaskStatus& status) {
    status.*Field = scanner.hex();
}

template <auto Field>
void read_bool(TextScanner& scanner, TaskStatus& status) {
    status.*Field = scanner.dec() != 0;
}

template <auto Field>
void read_four(TextScanner& scanner, TaskStatus& status) {
    for (uint32_t& id : status.*Field) {
        scanner.skip_blanks();
        id = static_cast<uint32_t>(scanner.dec());
    }
}

template <auto Field>
void read_list(TextScanner& scanner, TaskStatus& status) {
    for (; scanner.peek() >= '0' && scanner.peek() <= '9'; scanner.skip_blanks())
        (status.*Field).push_back(static_cast<uint32_t>(scanner.dec()));
}

// seq_file escapes \n and \ in the name, as "\n" and "\\".
void read_name(TextScanner& scanner, TaskStatus& status) {
    std::string_view text = scanner.rest();
    text = text.substr(0, text.find('\n'));
    for (size_t at = 0; at < text.size(); ++at) {
        bool escape = text[at] == '\\' && at + 1 < text.size();
        if (escape)
            ++at;
        status.name += escape && text[at] == 'n' ? '\n' : text[at];
    }
}

void read_state(TextScanner& scanner, TaskStatus& status) {
    status.state = scanner.peek();
}

void read_umask(TextScanner& scanner, TaskStatus& status) {
    status.umask = static_cast<uint32_t>(scanner.oct());
}

void read_sigq(TextScanner& scanner, TaskStatus& status) {
    status.signals_queued = scanner.dec();
    scanner.expect('/');
    status.signals_limit = scanner.dec();
}

void read_filters(TextScanner& scanner, TaskStatus& status) {
    status.seccomp_filters = static_cast<uint32_t>(scanner.dec());
}

struct Line {
    std::string_view name;
    Reader read;
};

using S = TaskStatus;

// In the kernel's order, so that the search from the last hit on finds the next at once.
constexpr Line kLines[] = {
    {"Name", read_name},
    {"Umask", read_umask},
    {"State", read_state},
    {"Tgid", read_int<&S::tgid>},
    {"Pid", read_int<&S::pid>},
    {"PPid", read_int<&S::ppid>},
    {"TracerPid", read_int<&S::tracer_pid>},
    {"Uid", read_four<&S::uids>},
    {"Gid", read_four<&S::gids>},
    {"Groups", read_list<&S::groups>},
    {"NStgid", read_list<&S::ns_tgid>},
    {"NSpid", read_list<&S::ns_pid>},
    {"NSpgid", read_list<&S::ns_pgid>},
    {"NSsid", read_list<&S::ns_sid>},
    {"Kthread", read_bool<&S::kthread>},
    {"VmRSS", [](TextScanner& scanner, TaskStatus& status) { status.vm_rss_kb = scanner.dec(); }},
    {"THP_enabled", read_bool<&S::thp_enabled>},
    {"Threads", read_int<&S::threads>},
    {"SigQ", read_sigq},
    {"SigPnd", read_mask<&S::sig_pending>},
    {"ShdPnd", read_mask<&S::shd_pending>},
    {"SigBlk", read_mask<&S::sig_blocked>},
    {"SigIgn", read_mask<&S::sig_ignored>},
    {"SigCgt", read_mask<&S::sig_caught>},
    {"CapInh", read_mask<&S::cap_inheritable>},
    {"CapPrm", read_mask<&S::cap_permitted>},
    {"CapEff", read_mask<&S::cap_effective>},
    {"CapBnd", read_mask<&S::cap_bounding>},
    {"CapAmb", read_mask<&S::cap_ambient>},
    {"NoNewPrivs", read_bool<&S::no_new_privs>},
    {"Seccomp", read_int<&S::seccomp_mode>},
    {"Seccomp_filters", read_filters},
};
constexpr size_t kCount = std::size(kLines);

}  // namespace

TaskStatus parse_status(std::string_view text) {
    TaskStatus status;
    size_t next = 0;
    TextScanner scanner(text, "status");
    while (!scanner.at_end()) {
        std::string_view name = scanner.until(':');
        scanner.skip_blanks();
        for (size_t tried = 0; tried < kCount; ++tried) {
            size_t at = (next + tried) % kCount;
            if (kLines[at].name != name)
                continue;
            kLines[at].read(scanner, status);
            next = at + 1;
            break;
        }
        scanner.line();
    }
    if (status.tgid == 0 || status.pid == 0)
        scanner.fail_here("no ids");
    return status;
}

}  // namespace crtool::sys
