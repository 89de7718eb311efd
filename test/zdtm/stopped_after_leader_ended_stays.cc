// Processes that were stopped after their first thread had ended stay stopped; one that was
// continued then runs. The parent is told of all that as often as without a dump.
#include "ticker.h"

namespace {

constexpr auto kOnSecondThread = zdtm::Ticker::By::second_thread_after_the_first;

void own_group() {
    CHECK_SYS(setpgid(0, 0));
}

void stop(const zdtm::Ticker& child, int signal) {
    CHECK_SYS(kill(child.pid(), signal));
    siginfo_t info{};
    CHECK_SYS(waitid(P_PID, child.pid(), &info, WSTOPPED | WNOWAIT));
    CHECK_EQ(info.si_status, signal);
}

void check_goes_on(zdtm::Ticker& child) {
    CHECK_SYS(kill(child.pid(), SIGCONT));
    CHECK(child.runs());
    child.end();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker reported([] {}, kOnSecondThread);
    zdtm::Ticker unreported(own_group, kOnSecondThread);
    zdtm::Ticker continued([] {}, kOnSecondThread);
    stop(reported, SIGSTOP);
    CHECK_EQ(waitpid(reported.pid(), nullptr, WUNTRACED), reported.pid());
    stop(unreported, SIGTSTP);
    stop(continued, SIGSTOP);
    CHECK_SYS(kill(continued.pid(), SIGCONT));
    CHECK(continued.runs());

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::unreported(reported.pid(), WUNTRACED | WCONTINUED), 0);
    const int status = zdtm::unreported(unreported.pid(), WUNTRACED);
    CHECK(WIFSTOPPED(status));
    CHECK_EQ(WSTOPSIG(status), SIGTSTP);
    CHECK(WIFCONTINUED(zdtm::unreported(continued.pid(), WCONTINUED)));
    CHECK(reported.stands_still() && unreported.stands_still() && continued.runs());
    check_goes_on(reported);
    check_goes_on(unreported);
    continued.end();
    zdtm::pass();
}
