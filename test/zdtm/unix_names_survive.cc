// Sockets that are bound and nothing else: by a relative name, by a name that was deleted and used
// again, by a name that the kernel chose; datagram sockets are still found by theirs.
#include <sys/stat.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(chdir(zdtm::dir()));
    CHECK_SYS(mkdir("sub", 0755));
    const int relative = zdtm::bound_socket(SOCK_DGRAM, "sub/relative");
    const int old = zdtm::bound_socket(SOCK_DGRAM, zdtm::path("again"));
    const int deleted = zdtm::bound_socket(SOCK_STREAM, zdtm::path("deleted"));
    CHECK_SYS(unlink("again"));
    CHECK_SYS(unlink("deleted"));
    const int again = zdtm::bound_socket(SOCK_DGRAM, zdtm::path("again"));
    const int chosen = zdtm::unix_socket(SOCK_DGRAM);
    const sa_family_t family = AF_UNIX;
    CHECK_SYS(bind(chosen, reinterpret_cast<const sockaddr*>(&family), sizeof family));
    const std::string chosen_name = zdtm::name_of(chosen);
    CHECK_SYS(chdir("/"));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::name_of(relative), std::string("sub/relative"));
    CHECK_EQ(zdtm::name_of(old), zdtm::path("again"));
    CHECK_EQ(zdtm::name_of(again), zdtm::path("again"));
    CHECK_EQ(zdtm::name_of(deleted), zdtm::path("deleted"));
    CHECK_EQ(zdtm::name_of(chosen), chosen_name);
    CHECK_EQ(access(zdtm::path("deleted").c_str(), F_OK), -1);
    const int sender = zdtm::unix_socket(SOCK_DGRAM);
    for (auto [fd, name] :
         {std::pair(relative, zdtm::path("sub/relative")), std::pair(again, zdtm::path("again")),
          std::pair(chosen, chosen_name)}) {
        zdtm::connect_to(sender, name);
        zdtm::send_text(sender, name);
        CHECK_EQ(zdtm::receive_text(fd), name);
    }
    zdtm::expect_nothing(old);
    for (const char* name : {"sub/relative", "again"}) {
        CHECK_SYS(unlink(zdtm::path(name).c_str()));
    }
    CHECK_SYS(rmdir(zdtm::path("sub").c_str()));
    zdtm::pass();
}
