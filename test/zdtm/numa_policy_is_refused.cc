// The memory policy of each thread stays, and so does the one of an area that has its own.
#include <linux/mempolicy.h>
#include <sys/syscall.h>

#include "memory.h"
#include "threads.h"

namespace {

constexpr unsigned long kNodes = 1;  // node 0, which every machine has
constexpr unsigned long kBits = 64;

int policy_of(const void* address) {
    int mode = -1;
    unsigned long nodes[16] = {};
    CHECK_SYS(syscall(SYS_get_mempolicy, &mode, nodes, 1024, address,
                      address == nullptr ? 0 : MPOL_F_ADDR));
    CHECK_EQ(nodes[0], mode == MPOL_DEFAULT || mode == MPOL_LOCAL ? 0 : kNodes);
    return mode;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (syscall(SYS_set_mempolicy, MPOL_DEFAULT, nullptr, 0) != 0) {
        zdtm::skip("this kernel has no memory policies");
    }
    char* bound = zdtm::map_anon(8 * zdtm::kPage);
    char* plain = zdtm::map_anon(8 * zdtm::kPage);
    CHECK_SYS(syscall(SYS_mbind, bound, 8 * zdtm::kPage, MPOL_BIND, &kNodes, kBits, 0));
    zdtm::fill(bound, 4 * zdtm::kPage, 1);
    zdtm::checkpoint_with_threads(
        2,
        [](int i) {
            if (i == 1) {
                CHECK_SYS(syscall(SYS_set_mempolicy, MPOL_INTERLEAVE, &kNodes, kBits));
            }
        },
        [](int i) { CHECK_EQ(policy_of(nullptr), i == 1 ? MPOL_INTERLEAVE : MPOL_DEFAULT); });
    CHECK_EQ(policy_of(bound), MPOL_BIND);
    CHECK_EQ(policy_of(plain), MPOL_DEFAULT);
    CHECK(zdtm::holds(bound, 4 * zdtm::kPage, 1));
    zdtm::pass();
}
