// Messages that wait to be read carry the ids of those who sent them, as the receiver asked for
// (SO_PASSCRED), and the ids that a privileged sender gave itself.
#include <grp.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    int stream[2];
    int datagrams[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, stream));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, datagrams));
    zdtm::set_int_option(stream[1], SO_PASSCRED, 1);
    zdtm::set_int_option(datagrams[1], SO_PASSCRED, 1);
    zdtm::send_text(stream[0], "parent");
    zdtm::send_text(datagrams[0], "parent");
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(setgroups(0, nullptr));
        CHECK_SYS(setresgid(4321, 4321, 4321));
        CHECK_SYS(setresuid(1234, 1234, 1234));
        zdtm::send_text(stream[0], "child");
        zdtm::send_text(datagrams[0], "child");
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 60);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    for (const int fd : {stream[1], datagrams[1]}) {
        CHECK_EQ(zdtm::int_option(fd, SO_PASSCRED), 1);
        const zdtm::Message first = zdtm::receive_message(fd);
        CHECK_EQ(first.text, std::string("parent"));
        CHECK(first.has_creds);
        CHECK_EQ(first.creds.pid, getpid());
        CHECK_EQ(first.creds.uid, 0);
        const zdtm::Message second = zdtm::receive_message(fd);
        CHECK_EQ(second.text, std::string("child"));
        CHECK(second.has_creds);
        CHECK_EQ(second.creds.pid, child);
        CHECK_EQ(second.creds.uid, 1234);
        CHECK_EQ(second.creds.gid, 4321);
    }
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
