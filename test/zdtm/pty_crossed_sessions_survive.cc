// Sessions that have each other's terminals open, a member that has given its own up, and a leader
// that has closed all files of it.
#include "family.h"
#include "pty.h"

namespace {

std::string terminal_of(pid_t pid) {
    const std::string text = zdtm::read_file("/proc/" + std::to_string(pid) + "/stat");
    size_t at = text.rfind(')');
    for (int field = 3; field <= 7; field++) {
        at = text.find(' ', at + 1);
    }
    return text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    auto* shared = zdtm::Shared::make();
    const int first = zdtm::open_master();
    const int second = zdtm::open_master();
    const std::string names[] = {zdtm::slave_name(first), zdtm::slave_name(second)};
    for (int i = 0; i < 2; i++) {
        shared->slot[i] = zdtm::fork_child([&] {
            CHECK_SYS(setsid());
            const int own = CHECK_SYS(open(names[i].c_str(), O_RDWR));
            const int other = CHECK_SYS(open(names[1 - i].c_str(), O_RDWR));
            shared->slot[2 + i] = zdtm::fork_child([&] {
                CHECK_SYS(ioctl(own, TIOCNOTTY));
                gate->wait();
                CHECK_EQ(open("/dev/tty", O_RDWR), -1);
                CHECK_EQ(errno, ENXIO);
            });
            CHECK_SYS(close(own));
            gate->wait();
            CHECK_EQ(tcgetsid(other), -1);
            const int tty = CHECK_SYS(open("/dev/tty", O_RDWR));
            CHECK_EQ(tcgetsid(tty), getpid());
            zdtm::expect_exit(static_cast<pid_t>(shared->slot[2 + i]));
        });
    }
    gate->expect(4);
    std::string before[4];
    for (int i = 0; i < 4; i++) {
        before[i] = terminal_of(static_cast<pid_t>(shared->slot[i]));
    }
    CHECK(before[0] != "0" && before[1] != "0" && before[0] != before[1]);
    CHECK(before[2] == "0" && before[3] == "0");

    zdtm::checkpoint_here();

    for (int i = 0; i < 4; i++) {
        CHECK_EQ(terminal_of(static_cast<pid_t>(shared->slot[i])), before[i]);
    }
    gate->open();
    zdtm::expect_exit(static_cast<pid_t>(shared->slot[0]));
    zdtm::expect_exit(static_cast<pid_t>(shared->slot[1]));
    zdtm::pass();
}
