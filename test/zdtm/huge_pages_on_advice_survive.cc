// A task that has transparent huge pages only where it has advised them (Linux 6.18).
#include <sys/prctl.h>

#include "zdtm.h"

namespace {

constexpr int kExceptAdvised = 1 << 1;  // PR_THP_DISABLE_EXCEPT_ADVISED

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (prctl(PR_SET_THP_DISABLE, 1, kExceptAdvised, 0, 0) == -1) {
        zdtm::skip("this kernel switches huge pages off wholly or not at all");
    }
    zdtm::checkpoint_here();
    CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1 | kExceptAdvised);
    zdtm::pass();
}
