// See cgroup_freezer.h. v1: freezer.state and freezer.self_freezing (Documentation/admin-guide/
// cgroup-v1/freezer-subsystem.rst); v2: cgroup.freeze and the line "frozen" of cgroup.events
// (kernel ≥ 5.2).
#include "sys/cgroup_freezer.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <thread>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/proc_mountinfo.h"

namespace crtool::sys {
namespace {

struct Membership {
    std::string freezer;  // path in the v1 freezer hierarchy; empty: none
    std::string unified;  // path in v2
};

// Lines are "ID:CONTROLLERS:PATH"; v2 is "0::PATH".
Membership membership_of(pid_t pid) {
    Membership found;
    std::optional<std::string> text =
        try_read_file_at(AT_FDCWD, fmt::format("/proc/{}/cgroup", pid));
    std::string_view rest;
    if (text)
        rest = *text;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        size_t first = line.find(':');
        size_t second = line.find(':', first + 1);
        if (second == std::string_view::npos)
            continue;
        std::string_view controllers = line.substr(first + 1, second - first - 1);
        if (controllers.empty())
            found.unified = line.substr(second + 1);
        else if (fmt::format(",{},", controllers).find(",freezer,") != std::string::npos)
            found.freezer = line.substr(second + 1);
    }
    return found;
}

// Directory of a cgroup, given its path in the hierarchy of `type` (with `option` for v1).
std::string directory_of(const std::string& path, const char* type, const char* option) {
    for (const MountInfo& mount : parse_mountinfo(read_file_at(AT_FDCWD, "/proc/self/mountinfo"))) {
        if (mount.fs_type != type ||
            fmt::format(",{},", mount.super_options).find(option) == std::string::npos)
            continue;
        std::string root = mount.root == "/" ? "" : mount.root;
        if (path.starts_with(root))
            return mount.mount_point + path.substr(root.size());
    }
    return {};
}

void write_state(const std::string& file, std::string_view state) {
    UniqueFd fd = open_at(AT_FDCWD, file, O_WRONLY);
    write_all(fd.get(), state);
}

}  // namespace

CgroupFreezer::CgroupFreezer(const std::string& directory) : directory_(directory) {
    if (try_open_at(AT_FDCWD, directory + "/freezer.state", O_RDONLY))
        return;
    unified_ = true;
    if (!try_open_at(AT_FDCWD, directory + "/cgroup.freeze", O_RDONLY))
        fail(Errc::usage, "{} is not a cgroup with a freezer", directory);
}

std::optional<CgroupFreezer> CgroupFreezer::holding(pid_t pid) {
    Membership member = membership_of(pid);
    // Nothing can freeze a root cgroup.
    auto search = [](const std::string& path, const char* type,
                     const char* option) -> std::optional<CgroupFreezer> {
        if (path.empty() || path == "/")
            return std::nullopt;
        std::string directory = directory_of(path, type, option);
        for (size_t left = path.size(); !directory.empty() && left > 1;) {
            CgroupFreezer freezer(directory);
            if (freezer.asked_to_freeze())
                return freezer;
            size_t slash = directory.rfind('/');
            left -= std::min(left, directory.size() - slash);
            directory.resize(slash);
        }
        return std::nullopt;
    };
    if (auto found = search(member.freezer, "cgroup", ",freezer,"))
        return found;
    return search(member.unified, "cgroup2", ",");
}

bool CgroupFreezer::asked_to_freeze() const {
    const char* file = unified_ ? "/cgroup.freeze" : "/freezer.self_freezing";
    return read_file_at(AT_FDCWD, directory_ + file).starts_with('1');
}

bool CgroupFreezer::frozen() const {
    if (unified_)
        return read_file_at(AT_FDCWD, directory_ + "/cgroup.events").find("frozen 1") !=
               std::string::npos;
    return read_file_at(AT_FDCWD, directory_ + "/freezer.state").starts_with("FROZEN");
}

void CgroupFreezer::freeze() const {
    write_state(directory_ + (unified_ ? "/cgroup.freeze" : "/freezer.state"),
                unified_ ? "1" : "FROZEN");
}

void CgroupFreezer::thaw() const {
    write_state(directory_ + (unified_ ? "/cgroup.freeze" : "/freezer.state"),
                unified_ ? "0" : "THAWED");
}

bool CgroupFreezer::wait_frozen(std::chrono::milliseconds patience) const {
    auto deadline = std::chrono::steady_clock::now() + patience;
    while (!frozen()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace crtool::sys
