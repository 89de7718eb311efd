// Output that was stopped, by a key or by a call, stays so until the same goes back on it.
#include "pty.h"

namespace {

bool is_stopped(int slave) {
    return (zdtm::ready(slave, POLLOUT) & POLLOUT) == 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty by_key = zdtm::open_pty();
    const zdtm::Pty by_call = zdtm::open_pty();
    zdtm::type(by_key.slave, "seen");
    zdtm::type(by_key.master, "\x13");
    CHECK_SYS(tcflow(by_call.slave, TCOOFF));
    zdtm::wait_until([&] { return is_stopped(by_key.slave); });

    zdtm::checkpoint_here();

    CHECK(is_stopped(by_key.slave));
    CHECK(is_stopped(by_call.slave));
    CHECK_EQ(zdtm::read_some(by_key.master), std::string("seen"));
    // The key does not undo the call.
    zdtm::type(by_call.master, "\x11");
    zdtm::sleep_ms(20);
    CHECK(is_stopped(by_call.slave));
    CHECK_SYS(tcflow(by_call.slave, TCOON));
    CHECK(!is_stopped(by_call.slave));
    zdtm::type(by_key.master, "\x11");
    zdtm::wait_until([&] { return !is_stopped(by_key.slave); });
    zdtm::type(by_key.slave, "more");
    CHECK_EQ(zdtm::read_some(by_key.master), std::string("more"));
    zdtm::pass();
}
