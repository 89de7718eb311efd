// The memory policy of each thread stays, with its flags, and so does the one of each area that has
// its own: shared and private ones, and those that a child has otherwise than its parent.
#include <linux/mempolicy.h>
#include <sys/syscall.h>

#include "memory.h"
#include "threads.h"

namespace {

constexpr unsigned long kNodes = 1;  // node 0, which every machine has
constexpr unsigned long kBits = 64;
constexpr size_t kSize = 8 * zdtm::kPage;

int policy_of(const void* address) {
    int mode = -1;
    unsigned long nodes[16] = {};
    CHECK_SYS(syscall(SYS_get_mempolicy, &mode, nodes, 1024, address,
                      address == nullptr ? 0 : MPOL_F_ADDR));
    CHECK_EQ(nodes[0], mode == MPOL_DEFAULT || mode == MPOL_LOCAL ? 0 : kNodes);
    return mode;
}

void bind(char* area, int mode) {
    CHECK_SYS(syscall(SYS_mbind, area, kSize, mode, &kNodes, kBits, 0));
}

struct Areas {
    char* bound = zdtm::map_anon(kSize);
    char* plain = zdtm::map_anon(kSize);
    char* preferred = zdtm::map_anon(kSize, MAP_SHARED);
    char* interleaved = zdtm::map_anon(kSize);
    char* local = zdtm::map_anon(kSize);

    void make() const {
        bind(bound, MPOL_BIND);
        bind(preferred, MPOL_PREFERRED);
        bind(interleaved, MPOL_INTERLEAVE | MPOL_F_STATIC_NODES);
        CHECK_SYS(syscall(SYS_mbind, local, kSize, MPOL_LOCAL, nullptr, 0, 0));
        for (char* area : {bound, plain, preferred, interleaved, local}) {
            zdtm::fill(area, 4 * zdtm::kPage, 1);
        }
    }

    void check(int first) const {
        CHECK_EQ(policy_of(bound), first);
        CHECK_EQ(policy_of(plain), MPOL_DEFAULT);
        CHECK_EQ(policy_of(preferred), MPOL_PREFERRED);
        CHECK_EQ(policy_of(interleaved), MPOL_INTERLEAVE | MPOL_F_STATIC_NODES);
        CHECK_EQ(policy_of(local), MPOL_LOCAL);
        for (char* area : {bound, plain, preferred, interleaved, local}) {
            CHECK(zdtm::holds(area, 4 * zdtm::kPage, 1));
        }
    }
};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (syscall(SYS_set_mempolicy, MPOL_DEFAULT, nullptr, 0) != 0) {
        zdtm::skip("this kernel has no memory policies");
    }
    const Areas areas;
    areas.make();
    zdtm::Shared* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(syscall(SYS_mbind, areas.bound, kSize, MPOL_DEFAULT, nullptr, 0, 0));
        CHECK_SYS(syscall(SYS_set_mempolicy, MPOL_BIND, &kNodes, kBits));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 120);
        areas.check(MPOL_DEFAULT);
        CHECK_EQ(policy_of(nullptr), MPOL_BIND);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_with_threads(
        3,
        [](int i) {
            if (i > 0) {
                const int mode = i == 1 ? MPOL_INTERLEAVE : MPOL_PREFERRED | MPOL_F_RELATIVE_NODES;
                CHECK_SYS(syscall(SYS_set_mempolicy, mode, &kNodes, kBits));
            }
        },
        [](int i) {
            const int modes[] = {MPOL_DEFAULT, MPOL_INTERLEAVE,
                                 MPOL_PREFERRED | MPOL_F_RELATIVE_NODES};
            CHECK_EQ(policy_of(nullptr), modes[i]);
        });

    areas.check(MPOL_BIND);
    CHECK_EQ(policy_of(nullptr), MPOL_DEFAULT);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
