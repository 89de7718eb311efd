// That a child was continued, which the parent has not asked for yet, can be asked for afterwards,
// once; the child runs.
#include "ticker.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Ticker child([] {});
    CHECK_SYS(kill(child.pid(), SIGSTOP));
    CHECK_EQ(waitpid(child.pid(), nullptr, WUNTRACED), child.pid());
    CHECK_SYS(kill(child.pid(), SIGCONT));
    CHECK(child.runs());

    zdtm::checkpoint_here();

    CHECK(child.runs());
    CHECK(WIFCONTINUED(zdtm::unreported(child.pid(), WCONTINUED)));
    CHECK_EQ(zdtm::unreported(child.pid(), WCONTINUED | WUNTRACED), 0);
    child.end();
    zdtm::pass();
}
