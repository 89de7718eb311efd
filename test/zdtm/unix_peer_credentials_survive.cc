// SO_PEERCRED and SO_PEERGROUPS of a pair name the task that made it, with the ids that it had
// then.
#include <grp.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    int own[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, own));
    const pid_t child = zdtm::fork_child([&] {
        const gid_t groups[] = {10, 20, 30};
        int pair[2];
        CHECK_SYS(setgroups(3, groups));
        CHECK_SYS(setresgid(0, 777, 0));
        CHECK_SYS(setresuid(0, 555, 0));
        CHECK_SYS(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
        CHECK_SYS(setresuid(0, 0, 0));
        CHECK_SYS(setresgid(0, 0, 0));
        CHECK_SYS(setgroups(0, nullptr));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 60);
        const ucred creds = zdtm::peer_of(pair[1]);
        CHECK_EQ(creds.pid, getpid());
        CHECK_EQ(creds.uid, 555);
        CHECK_EQ(creds.gid, 777);
        gid_t found[10] = {};
        socklen_t size = sizeof found;
        CHECK_SYS(getsockopt(pair[0], SOL_SOCKET, SO_PEERGROUPS, found, &size));
        CHECK_EQ(size, sizeof groups);
        CHECK(memcmp(found, groups, sizeof groups) == 0);
        // Made by the parent, whoever has it.
        CHECK_EQ(zdtm::peer_of(own[0]).pid, getppid());
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::peer_of(own[1]).pid, getpid());
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
