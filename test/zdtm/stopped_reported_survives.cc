// A task stopped by SIGSTOP, of which its parent knows, stays stopped, is not reported again, and
// goes on at SIGCONT.
#include "ticker.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker child([] {});
    CHECK_SYS(kill(child.pid(), SIGSTOP));
    int status = 0;
    CHECK_EQ(waitpid(child.pid(), &status, WUNTRACED), child.pid());
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::thread_state(child.pid()), 'T');
    CHECK(child.stands_still());
    CHECK_EQ(zdtm::unreported(child.pid(), WUNTRACED | WCONTINUED), 0);
    CHECK_SYS(kill(child.pid(), SIGCONT));
    CHECK(child.runs());
    CHECK(WIFCONTINUED(zdtm::unreported(child.pid(), WCONTINUED)));
    child.end();
    zdtm::pass();
}
