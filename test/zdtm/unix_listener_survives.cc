// Listening sockets with a path and with an abstract name can be connected to by those names; a
// socket on disk keeps its mode and owner.
#include <sys/stat.h>

#include <tuple>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string path = zdtm::path("listener");
    const std::string abstract = zdtm::abstract_name("listener");
    const int by_path = zdtm::listening_socket(SOCK_STREAM, path);
    const int by_name = zdtm::listening_socket(SOCK_SEQPACKET, abstract);
    CHECK_SYS(chown(path.c_str(), 123, 456));
    CHECK_SYS(chmod(path.c_str(), 0620));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::name_of(by_path), path);
    CHECK_EQ(zdtm::name_of(by_name), abstract);
    struct stat st = {};
    CHECK_SYS(lstat(path.c_str(), &st));
    CHECK(S_ISSOCK(st.st_mode));
    CHECK_EQ(st.st_mode & 07777, 0620);
    CHECK_EQ(st.st_uid, 123);
    CHECK_EQ(st.st_gid, 456);
    CHECK_EQ(zdtm::int_option(by_path, SO_ACCEPTCONN), 1);
    for (auto [fd, type, name] :
         {std::tuple(by_path, static_cast<int>(SOCK_STREAM), path),
          std::tuple(by_name, static_cast<int>(SOCK_SEQPACKET), abstract)}) {
        const int client = zdtm::connected_socket(type, name);
        const int server = CHECK_SYS(accept(fd, nullptr, nullptr));
        zdtm::send_text(client, "hello");
        CHECK_EQ(zdtm::receive_text(server), std::string("hello"));
    }
    CHECK_SYS(unlink(path.c_str()));
    zdtm::pass();
}
