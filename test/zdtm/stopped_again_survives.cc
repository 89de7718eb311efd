// A stopped task to which SIGSTOP is sent again, and to its thread, has it pending until it goes
// on, and does go on.
#include <sys/syscall.h>

#include "ticker.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker child([] {});
    CHECK_SYS(kill(child.pid(), SIGSTOP));
    int status = 0;
    CHECK_EQ(waitpid(child.pid(), &status, WUNTRACED), child.pid());
    CHECK_SYS(kill(child.pid(), SIGSTOP));
    CHECK_SYS(syscall(SYS_tgkill, child.pid(), child.pid(), SIGSTOP));

    zdtm::checkpoint_here();

    CHECK(child.stands_still());
    CHECK_SYS(kill(child.pid(), SIGCONT));
    CHECK(child.runs());
    child.end();
    zdtm::pass();
}
