// Credentials for unix sockets. Groups before users, and back in the other order: setgroups(2) and
// setresgid(2) are root's.
#include "restore/unix_creds.h"

#include <sys/syscall.h>

#include <algorithm>
#include <span>

namespace crtool::restore {
namespace {

bool has_own_groups(const UnixService& own, const image::UnixCreds& creds) {
    return std::ranges::equal(creds.groups(), own.groups);
}

void set_groups(const FileBuild& build, std::span<const uint32_t> groups) {
    uint64_t list = build.script.arena().put_array(groups);
    build.script.call("set its groups", SYS_setgroups, {groups.size(), list});
}

}  // namespace

void take_creds(const FileBuild& build, const image::UnixCreds& creds) {
    const UnixService& own = build.files.service().unix;
    if (!has_own_groups(own, creds))
        set_groups(build, {creds.groups().data(), static_cast<size_t>(creds.groups_size())});
    if (creds.gid() != own.gid)
        build.script.call("take the group of who made it", SYS_setresgid, {-1, creds.gid(), -1});
    if (creds.uid() != 0)
        build.script.call("become the user who made it", SYS_setresuid, {-1, creds.uid(), -1});
}

void give_up_creds(const FileBuild& build, const image::UnixCreds& creds) {
    const UnixService& own = build.files.service().unix;
    if (creds.uid() != 0)
        build.script.call("become root again", SYS_setresuid, {-1, 0, -1});
    if (creds.gid() != own.gid)
        build.script.call("take its own group again", SYS_setresgid, {-1, own.gid, -1});
    if (!has_own_groups(own, creds))
        set_groups(build, own.groups);
}

}  // namespace crtool::restore
