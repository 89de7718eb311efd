// Each thread keeps its own timer slack, and a thread made afterwards inherits that of its maker.
#include <sys/prctl.h>

#include "threads.h"

namespace {

long slack() {
    return CHECK_SYS(prctl(PR_GET_TIMERSLACK));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(prctl(PR_SET_TIMERSLACK, 123'456UL));
    zdtm::checkpoint_with_threads(
        3, [](int i) { CHECK_SYS(prctl(PR_SET_TIMERSLACK, 1000UL * (i + 1))); },
        [](int i) {
            CHECK_EQ(slack(), 1000 * (i + 1));
            std::thread([i] { CHECK_EQ(slack(), 1000 * (i + 1)); }).join();
        });
    CHECK_EQ(slack(), 123'456);
    zdtm::pass();
}
