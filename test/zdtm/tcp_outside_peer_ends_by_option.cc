// With --tcp-close connections to the outside end with the dump: what had arrived can still be
// read, then comes the end, and the other end hears of it.
#include <sys/stat.h>

#include "inet.h"
#include "outsider.h"

namespace {

ino_t inode(int fd) {
    struct stat st {};

    CHECK_SYS(fstat(fd, &st));
    return st.st_ino;
}

bool exists(const char* name) {
    return access(zdtm::path(name).c_str(), F_OK) == 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    zdtm::send_text(pair.server, "unread");
    const zdtm::Outsider outsider([&] {
        close(pair.client);
        char byte = 0;
        const ssize_t got = recv(pair.server, &byte, 1, 0);
        CHECK(got == 0 || (got == -1 && errno == ECONNRESET));
        close(CHECK_SYS(open(zdtm::path("ended").c_str(), O_CREAT | O_WRONLY, 0666)));
        zdtm::wait_until([] { return exists("result"); }, 120);
    });
    close(pair.server);
    const ino_t before = inode(pair.client);

    zdtm::checkpoint_here();

    const bool is_restored = inode(pair.client) != before;
    zdtm::expect_text(pair.client, "unread");
    if (!is_restored) {
        CHECK(!exists("ended"));
        close(pair.client);
    } else {
        zdtm::expect_end(pair.client);
        CHECK(send(pair.client, "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
    }
    zdtm::wait_until([] { return exists("ended"); }, 30);
    zdtm::pass();
}
