// What a thread is to hear of memory that fails (PR_MCE_KILL, prctl(2)): early, late, or as the
// machine has it.
#include <sys/prctl.h>

#include <array>

#include "threads.h"

namespace {

constexpr std::array<int, 3> kPolicies = {PR_MCE_KILL_EARLY, PR_MCE_KILL_LATE, PR_MCE_KILL_DEFAULT};

int policy() {
    return prctl(PR_MCE_KILL_GET, 0, 0, 0, 0);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0));
    zdtm::checkpoint_with_threads(
        kPolicies.size(),
        [](int i) { CHECK_SYS(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, kPolicies[i], 0, 0)); },
        [](int i) { CHECK_EQ(policy(), kPolicies[i]); });
    CHECK_EQ(policy(), PR_MCE_KILL_EARLY);
    zdtm::pass();
}
