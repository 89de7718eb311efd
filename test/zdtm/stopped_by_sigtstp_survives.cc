// Tasks stopped by SIGTSTP and SIGTTIN stay stopped; a stop that was not reported keeps its signal.
#include "ticker.h"

namespace {

// Another group of the same session: in an orphaned group these signals would be ignored.
void own_group() {
    CHECK_SYS(setpgid(0, 0));
}

void check_goes_on(zdtm::Ticker& child) {
    CHECK_SYS(kill(child.pid(), SIGCONT));
    CHECK(child.runs());
    child.end();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker reported(own_group);
    zdtm::Ticker unreported(own_group);
    CHECK_SYS(kill(reported.pid(), SIGTSTP));
    CHECK_SYS(kill(unreported.pid(), SIGTTIN));
    int status = 0;
    CHECK_EQ(waitpid(reported.pid(), &status, WUNTRACED), reported.pid());
    CHECK_EQ(WSTOPSIG(status), SIGTSTP);
    unreported.await_state('T');

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::unreported(reported.pid(), WUNTRACED | WCONTINUED), 0);
    status = zdtm::unreported(unreported.pid(), WUNTRACED);
    CHECK(WIFSTOPPED(status));
    CHECK_EQ(WSTOPSIG(status), SIGTTIN);
    CHECK(reported.stands_still() && unreported.stands_still());
    check_goes_on(reported);
    check_goes_on(unreported);
    zdtm::pass();
}
