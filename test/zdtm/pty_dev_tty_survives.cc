// /dev/tty, opened in a session, kept by a task of another one, leads where it led; and hung up it
// stays hung up.
#include "family.h"
#include "pty.h"

namespace {

// The child leads a session on the slave, and both have its /dev/tty under number `at`.
pid_t lead(const std::string& name, zdtm::Gate* gate, int at) {
    const long child = CHECK_SYS(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0));
    if (child != 0) {
        return static_cast<pid_t>(child);
    }
    CHECK_SYS(setsid());
    const int tty = CHECK_SYS(open(name.c_str(), O_RDWR));
    const int own = CHECK_SYS(open("/dev/tty", O_RDWR | O_NONBLOCK));
    CHECK_EQ(dup2(own, at), at);
    CHECK_SYS(close(own));
    CHECK_SYS(close(tty));
    CHECK_SYS(unshare(CLONE_FILES));
    gate->wait();
    _exit(0);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const int first = zdtm::open_master();
    const int second = zdtm::open_master();
    const pid_t leaders[] = {lead(zdtm::slave_name(first), gate, 50),
                             lead(zdtm::slave_name(second), gate, 51)};
    gate->expect(2);
    const int lost = zdtm::open_slave(second);
    CHECK_SYS(kill(leaders[1], SIGSTOP));
    zdtm::wait_until([&] { return zdtm::thread_state(leaders[1]) == 'T'; });
    CHECK_SYS(kill(leaders[1], SIGKILL));
    CHECK_EQ(waitpid(leaders[1], nullptr, 0), leaders[1]);
    CHECK_SYS(ioctl(lost, TIOCVHANGUP));
    CHECK_EQ(tcgetsid(51), -1);
    CHECK_EQ(errno, EIO);

    zdtm::checkpoint_here();

    zdtm::type(50, "text");
    CHECK_EQ(zdtm::read_some(first), std::string("text"));
    unsigned device = 0;
    CHECK_SYS(ioctl(50, TIOCGDEV, &device));
    CHECK_EQ(device >> 8 & 0xfff, 136);
    CHECK_EQ(tcgetsid(51), -1);
    CHECK_EQ(errno, EIO);
    gate->open();
    zdtm::expect_exit(leaders[0]);
    zdtm::pass();
}
