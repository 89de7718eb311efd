// A task of another user with a choice of groups and of capabilities (ambient, inheritable,
// permitted, effective, bounding) keeps all of it, saved and file-system ids included.
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>

#include "family.h"

namespace {

constexpr uint32_t bit(int capability) {
    return 1u << capability;
}

std::string credentials() {
    const std::string status = zdtm::read_file("/proc/self/status");
    std::string all;
    for (const char* key :
         {"Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs"}) {
        all += std::string(key) + "=" + zdtm::field(status, key) + "\n";
    }
    return all + "securebits " + std::to_string(prctl(PR_GET_SECUREBITS)) + "\ndumpable " +
           std::to_string(prctl(PR_GET_DUMPABLE));
}

void become_another() {
    for (const int dropped : {CAP_SYS_BOOT, CAP_MAC_ADMIN, CAP_WAKE_ALARM}) {
        CHECK_SYS(prctl(PR_CAPBSET_DROP, dropped));
    }
    CHECK_SYS(prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP_LOCKED));
    const gid_t groups[] = {4, 24, 1234, 70000};
    CHECK_SYS(setgroups(std::size(groups), groups));
    CHECK_SYS(setresgid(2001, 2002, 2003));
    CHECK_SYS(setresuid(1001, 1002, 1003));
    // These two return the old id and are checked by the comparison.
    setfsgid(2001);
    setfsuid(1001);
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2] = {};
    sets[0].permitted = bit(CAP_NET_RAW) | bit(CAP_CHOWN) | bit(CAP_KILL);
    sets[0].effective = bit(CAP_CHOWN);
    sets[0].inheritable = bit(CAP_NET_RAW) | bit(CAP_KILL);
    CHECK_SYS(syscall(SYS_capset, &header, sets));
    CHECK_SYS(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([=] {
        become_another();
        const std::string before = credentials();
        CHECK_EQ(zdtm::field(zdtm::read_file("/proc/self/status"), "CapAmb"),
                 std::string("0000000000002000"));
        gate->wait();
        CHECK_EQ(credentials(), before);
        // What was dropped cannot be had again, what was kept can.
        CHECK(setresuid(0, 0, 0) == -1 && errno == EPERM);
        CHECK_SYS(setresuid(1003, 1002, 1001));
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
