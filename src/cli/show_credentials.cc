// `crtool show`: users, groups, capabilities, seccomp of a task.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/show_sections.h"
#include "cli/show_text.h"

namespace crtool::cli {
namespace {

using image::Creds;

// One number when all four are the same.
std::string four(uint32_t real, uint32_t effective, uint32_t saved, uint32_t fs) {
    if (real == effective && real == saved && real == fs)
        return fmt::format("{}", real);
    return fmt::format("{} (effective {}, saved {}, file system {})", real, effective, saved, fs);
}

void show_capabilities(const Creds& creds, bool everything, std::string& out) {
    add_line(out, "capabilities", capability_set(creds.effective()));
    if (everything || creds.permitted() != creds.effective())
        add_line(out, "  permitted", capability_set(creds.permitted()));
    if (everything || creds.inheritable() != 0)
        add_line(out, "  inheritable", capability_set(creds.inheritable()));
    if (everything || creds.ambient() != 0)
        add_line(out, "  ambient", capability_set(creds.ambient()));
    bool cut = creds.bounding() != creds.permitted() && capability_set(creds.bounding()) != "all";
    if (everything || cut)
        add_line(out, "  bounding", capability_set(creds.bounding()));
    if (creds.securebits() != 0)
        add_line(out, "  securebits", fmt::format("{:#x}", creds.securebits()));
}

}  // namespace

void show_credentials(const ShowView& view, const image::Task& task, std::string& out) {
    if (task.threads().empty())
        return;
    const image::Thread& leader = task.threads(0);
    const Creds& creds = leader.creds();
    add_line(out, "users", four(creds.ruid(), creds.euid(), creds.suid(), creds.fsuid()));
    add_line(
        out, "groups",
        four(creds.rgid(), creds.egid(), creds.sgid(), creds.fsgid()) +
            (creds.groups().empty() ? "" : fmt::format("; {}", fmt::join(creds.groups(), " "))));
    show_capabilities(creds, view.everything(), out);
    if (leader.no_new_privs() || leader.seccomp_mode() != 0)
        add_line(
            out, "restrictions",
            fmt::format("{}{}", leader.no_new_privs() ? "no new privileges; " : "",
                        leader.seccomp_mode() == 0 ? "no seccomp"
                        : leader.seccomp_mode() == 1
                            ? "seccomp strict"
                            : fmt::format("{} seccomp filters", leader.seccomp_filters_size())));
}

}  // namespace crtool::cli
