// The stop of a child that the parent has not asked for yet can be asked for afterwards, once.
#include "ticker.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker child([] {});
    CHECK_SYS(kill(child.pid(), SIGSTOP));
    child.await_state('T');

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::thread_state(child.pid()), 'T');
    CHECK(child.stands_still());
    const int status = zdtm::unreported(child.pid(), WUNTRACED);
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    CHECK_EQ(zdtm::unreported(child.pid(), WUNTRACED), 0);
    CHECK_SYS(kill(child.pid(), SIGCONT));
    CHECK(child.runs());
    child.end();
    zdtm::pass();
}
