// See proc_limits.h.
#include "sys/proc_limits.h"

#include "base/error.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

struct Name {
    std::string_view name;
    int resource;
};

constexpr std::array<Name, RLIM_NLIMITS> kNames = {{
    {"Max cpu time", RLIMIT_CPU},
    {"Max file size", RLIMIT_FSIZE},
    {"Max data size", RLIMIT_DATA},
    {"Max stack size", RLIMIT_STACK},
    {"Max core file size", RLIMIT_CORE},
    {"Max resident set", RLIMIT_RSS},
    {"Max processes", RLIMIT_NPROC},
    {"Max open files", RLIMIT_NOFILE},
    {"Max locked memory", RLIMIT_MEMLOCK},
    {"Max address space", RLIMIT_AS},
    {"Max file locks", RLIMIT_LOCKS},
    {"Max pending signals", RLIMIT_SIGPENDING},
    {"Max msgqueue size", RLIMIT_MSGQUEUE},
    {"Max nice priority", RLIMIT_NICE},
    {"Max realtime priority", RLIMIT_RTPRIO},
    {"Max realtime timeout", RLIMIT_RTTIME},
}};

uint64_t parse_value(TextScanner& scanner) {
    scanner.skip_blanks();
    return scanner.accept("unlimited") ? RLIM_INFINITY : scanner.dec();
}

int take_resource(TextScanner& scanner) {
    for (const Name& known : kNames)
        if (scanner.accept(known.name))
            return known.resource;
    scanner.fail_here("unknown limit");
}

}  // namespace

Limits parse_limits(std::string_view text) {
    Limits limits;
    uint32_t seen = 0;
    TextScanner scanner(text, "limits");
    scanner.expect("Limit");
    scanner.line();
    while (!scanner.at_end()) {
        int resource = take_resource(scanner);
        Limit& limit = limits[static_cast<size_t>(resource)];
        limit.soft = parse_value(scanner);
        limit.hard = parse_value(scanner);
        scanner.line();
        seen |= 1U << resource;
    }
    if (seen != (1U << RLIM_NLIMITS) - 1)
        fail(Errc::internal, "cannot parse limits: some are missing");
    return limits;
}

void raise_own_limit(int which) {
    rlimit limit{};
    auto resource = static_cast<__rlimit_resource_t>(which);
    if (::getrlimit(resource, &limit) == 0 && limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(resource, &limit);
    }
}

void raise_own_limits() {
    for (int which = 0; which < RLIM_NLIMITS; which++)
        raise_own_limit(which);
}

}  // namespace crtool::sys
