// Options of a socket, its status flags and its owner.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    const int fd = pair[0];
    zdtm::set_int_option(fd, SO_SNDBUF, 40'000);
    zdtm::set_int_option(fd, SO_RCVBUF, 50'000);
    zdtm::set_int_option(fd, SO_RCVLOWAT, 7);
    zdtm::set_int_option(fd, SO_PRIORITY, 3);
    zdtm::set_int_option(fd, SO_PEEK_OFF, 2);
    zdtm::set_int_option(fd, SO_PASSCRED, 1);
    const linger linger = {1, 9};
    CHECK_SYS(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    const timeval timeout = {12, 500'000};
    CHECK_SYS(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout));
    CHECK_SYS(fcntl(fd, F_SETFL, O_NONBLOCK));
    CHECK_SYS(fcntl(pair[1], F_SETFD, FD_CLOEXEC));
    CHECK_SYS(fchown(fd, 11, 12));
    zdtm::send_text(pair[1], "look past it");
    zdtm::set_int_option(pair[1], SO_SNDBUF, 30'000);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::int_option(fd, SO_SNDBUF), 80'000);
    CHECK_EQ(zdtm::int_option(fd, SO_RCVBUF), 100'000);
    CHECK_EQ(zdtm::int_option(pair[1], SO_SNDBUF), 60'000);
    CHECK_EQ(zdtm::int_option(fd, SO_RCVLOWAT), 7);
    CHECK_EQ(zdtm::int_option(fd, SO_PRIORITY), 3);
    CHECK_EQ(zdtm::int_option(fd, SO_PEEK_OFF), 2);
    CHECK_EQ(zdtm::int_option(fd, SO_PASSCRED), 1);
    CHECK_EQ(zdtm::int_option(pair[1], SO_PASSCRED), 0);
    struct linger found = {};
    socklen_t size = sizeof found;
    CHECK_SYS(getsockopt(fd, SOL_SOCKET, SO_LINGER, &found, &size));
    CHECK_EQ(found.l_onoff, 1);
    CHECK_EQ(found.l_linger, 9);
    timeval time = {};
    size = sizeof time;
    CHECK_SYS(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, &size));
    CHECK_EQ(time.tv_sec, 12);
    CHECK_EQ(time.tv_usec, 500'000);
    CHECK_EQ(fcntl(fd, F_GETFL), O_RDWR | O_NONBLOCK);
    CHECK_EQ(fcntl(pair[1], F_GETFL), O_RDWR);
    CHECK_EQ(fcntl(pair[1], F_GETFD), FD_CLOEXEC);
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_uid, 11);
    CHECK_EQ(st.st_gid, 12);
    char text[32] = {};
    CHECK_EQ(recv(fd, text, sizeof text, MSG_PEEK), 10);
    CHECK_EQ(std::string(text), std::string("ok past it"));
    zdtm::pass();
}
