// The personality of a task stays, and does what it says: a task that asked for the old numbers of
// kernel releases is told one, its parent is not.
#include <sys/personality.h>
#include <sys/utsname.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const unsigned long wanted = ADDR_NO_RANDOMIZE | UNAME26 | STICKY_TIMEOUTS;
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(personality(wanted));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(personality(0xffffffff), wanted);
        utsname name = {};
        CHECK_SYS(uname(&name));
        CHECK_EQ(std::string(name.release).substr(0, 4), "2.6.");
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    const int own = personality(0xffffffff);

    zdtm::checkpoint_here();

    CHECK_EQ(personality(0xffffffff), own);
    utsname name = {};
    CHECK_SYS(uname(&name));
    CHECK(std::string(name.release).substr(0, 4) != "2.6.");
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
