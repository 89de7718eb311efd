// See creds_script.h. The system calls are those of one thread; the C library would do it for all.
#include "restore/creds_script.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace crtool::restore {
namespace {

// While ids change, capabilities must neither be lost nor gained by it (capabilities(7)).
constexpr uint32_t kKeepAll = SECBIT_NO_SETUID_FIXUP | SECBIT_KEEP_CAPS;
constexpr uint64_t kCapabilities = 64;

template <typename T>
std::array<uint32_t, 4> quartet(T a, T b, T c, T d) {
    return {a, b, c, d};
}

bool same_ids(const OwnState& own, const image::Creds& creds) {
    std::vector<uint32_t> mine(own.status.groups.begin(), own.status.groups.end());
    std::vector<uint32_t> theirs(creds.groups().begin(), creds.groups().end());
    std::ranges::sort(mine);
    std::ranges::sort(theirs);
    return std::ranges::equal(own.status.uids,
                              quartet(creds.ruid(), creds.euid(), creds.suid(), creds.fsuid())) &&
           std::ranges::equal(own.status.gids,
                              quartet(creds.rgid(), creds.egid(), creds.sgid(), creds.fsgid())) &&
           mine == theirs;
}

void emit_ids(parasite::ScriptBuilder& script, const image::Creds& creds) {
    std::vector<uint32_t> groups(creds.groups().begin(), creds.groups().end());
    uint64_t list = script.arena().put_array(std::span<const uint32_t>(groups));
    script.call("set groups", SYS_setgroups, {groups.size(), list});
    script.call("set group ids", SYS_setresgid, {creds.rgid(), creds.egid(), creds.sgid()});
    script.call("set the file system group", SYS_setfsgid, {creds.fsgid()});
    script.call("set user ids", SYS_setresuid, {creds.ruid(), creds.euid(), creds.suid()});
    script.call("set the file system user", SYS_setfsuid, {creds.fsuid()});
}

void emit_capabilities(parasite::ScriptBuilder& script, const OwnState& own,
                       const image::Creds& creds) {
    for (uint64_t cap = 0; cap < kCapabilities; cap++)
        if ((own.status.cap_bounding & ~creds.bounding()) >> cap & 1)
            script.call("lower the bounding set", SYS_prctl, {PR_CAPBSET_DROP, cap, 0, 0, 0});
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    for (unsigned half = 0; half < 2; half++) {
        data[half].effective = static_cast<uint32_t>(creds.effective() >> (32 * half));
        data[half].permitted = static_cast<uint32_t>(creds.permitted() >> (32 * half));
        data[half].inheritable = static_cast<uint32_t>(creds.inheritable() >> (32 * half));
    }
    uint64_t head = script.arena().put(header);
    uint64_t sets = script.arena().put(data);
    // Inheritable first of all: ambient capabilities must be in it, and raising it may need
    // CAP_SETPCAP, which the sets below may not have.
    script.call("set securebits", SYS_prctl, {PR_SET_SECUREBITS, creds.securebits(), 0, 0, 0});
    script.call("set capabilities", SYS_capset, {head, sets});
    for (uint64_t cap = 0; cap < kCapabilities; cap++)
        if (creds.ambient() >> cap & 1)
            script.call("raise an ambient capability", SYS_prctl,
                        {PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0});
}

}  // namespace

bool creds_differ(const OwnState& own, const image::Creds& creds) {
    return !same_ids(own, creds) || own.securebits != creds.securebits() ||
           own.status.cap_inheritable != creds.inheritable() ||
           own.status.cap_permitted != creds.permitted() ||
           own.status.cap_effective != creds.effective() ||
           own.status.cap_bounding != creds.bounding() || own.status.cap_ambient != creds.ambient();
}

void emit_creds(TaskBuild& build, const image::Creds& creds) {
    const OwnState& own = build.ctx.own;
    if (!creds_differ(own, creds))
        return;
    build.script.about("credentials");
    if (own.status.cap_ambient != 0)
        build.script.call("clear ambient capabilities", SYS_prctl,
                          {PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0});
    bool ids = !same_ids(own, creds);
    if (ids) {
        build.script.call("keep capabilities", SYS_prctl,
                          {PR_SET_SECUREBITS, own.securebits | kKeepAll, 0, 0, 0});
        emit_ids(build.script, creds);
    }
    emit_capabilities(build.script, own, creds);
}

}  // namespace crtool::restore
