// With --tcp-close a restore does not take up connections to the outside: what had arrived can
// still be read, then comes the end.
#include <sys/stat.h>

#include "inet.h"
#include "outsider.h"

namespace {

ino_t inode(int fd) {
    struct stat st {};

    CHECK_SYS(fstat(fd, &st));
    return st.st_ino;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    zdtm::send_text(pair.server, "unread");
    const zdtm::Outsider outsider([&] {
        close(pair.client);
        zdtm::echo_all({pair.server});
    });
    close(pair.server);
    const ino_t before = inode(pair.client);

    zdtm::checkpoint_here();

    zdtm::expect_text(pair.client, "unread");
    if (inode(pair.client) != before) {
        zdtm::expect_end(pair.client);
    } else {
        zdtm::send_text(pair.client, "back");
        zdtm::expect_text(pair.client, "back");
    }
    zdtm::pass();
}
