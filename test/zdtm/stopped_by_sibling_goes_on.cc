// A process that its sibling stops and continues all the time is caught in any state of that, also
// continued after it was found stopped, and goes on with it.
#include "ticker.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker target([] {});
    zdtm::Shared* shared = zdtm::Shared::make();
    const pid_t sibling = zdtm::fork_child([&] {
        while (shared->go == 0) {
            CHECK_SYS(kill(target.pid(), SIGSTOP));
            CHECK_SYS(kill(target.pid(), SIGCONT));
            shared->ready++;
        }
    });

    zdtm::checkpoint_here();

    const int seen = shared->ready;
    zdtm::wait_until([&] { return shared->ready > seen + 100; });
    CHECK(target.runs());
    shared->go = 1;
    zdtm::expect_exit(sibling);
    CHECK(target.runs());
    target.end();
    zdtm::pass();
}
