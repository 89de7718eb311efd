// Each thread keeps its own capability sets (effective, permitted, inheritable, ambient and
// bounding), its securebits and its no_new_privs.
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include <array>
#include <cstring>

#include "threads.h"

namespace {

struct Sets {
    std::array<__user_cap_data_struct, 2> words = {};

    bool operator==(const Sets& other) const {
        return memcmp(words.data(), other.words.data(), sizeof(words)) == 0;
    }
};

Sets get() {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    Sets sets;
    CHECK_SYS(syscall(SYS_capget, &header, sets.words.data()));
    return sets;
}

void keep(uint32_t effective, uint32_t permitted, uint32_t inheritable) {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    Sets sets;
    sets.words[0] = {effective, permitted, inheritable};
    CHECK_SYS(syscall(SYS_capset, &header, sets.words.data()));
}

constexpr uint32_t bit(int capability) {
    return 1U << capability;
}

void reduce(int i) {
    if (i == 1) {
        CHECK_SYS(prctl(PR_CAPBSET_DROP, CAP_SYS_TIME, 0, 0, 0));
        CHECK_SYS(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS, 0, 0, 0));
        keep(bit(CAP_KILL), bit(CAP_KILL) | bit(CAP_CHOWN), bit(CAP_CHOWN));
        CHECK_SYS(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0));
    } else if (i == 2) {
        CHECK_SYS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        keep(0, 0, 0);
    }
}

void check(int i, const Sets& all) {
    Sets wanted = all;
    if (i > 0) {
        wanted = {};
    }
    if (i == 1) {
        wanted.words[0] = {bit(CAP_KILL), bit(CAP_KILL) | bit(CAP_CHOWN), bit(CAP_CHOWN)};
    }
    CHECK(get() == wanted);
    CHECK_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0), i == 1);
    CHECK_EQ(prctl(PR_CAPBSET_READ, CAP_SYS_TIME, 0, 0, 0), i != 1);
    CHECK_EQ(prctl(PR_GET_SECUREBITS), i == 1 ? SECBIT_NOROOT | SECBIT_KEEP_CAPS : 0);
    CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), i == 2);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const Sets all = get();
    zdtm::checkpoint_with_threads(3, reduce, [&](int i) { check(i, all); });
    check(0, all);
    zdtm::pass();
}
