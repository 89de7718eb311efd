// Sockets whose files were moved after they were bound, as servers do that want to be found at any
// time: each keeps the name that it was bound to, is found where its file is, and takes no file
// that has the old name now. One was bound by a relative name, from a directory that the task has
// left.
#include <fcntl.h>
#include <sys/stat.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(chdir(zdtm::dir()));
    CHECK_SYS(mkdir("sub", 0755));
    const std::string old = zdtm::path("server.tmp");
    const int listener = zdtm::listening_socket(SOCK_STREAM, old);
    CHECK_SYS(chmod(old.c_str(), 0640));
    CHECK_SYS(rename(old.c_str(), "sub/server"));
    const int taken = CHECK_SYS(open(old.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
    CHECK_SYS(chdir("sub"));
    const int relative = zdtm::bound_socket(SOCK_DGRAM, "../upwards");
    CHECK_SYS(rename("../upwards", "moved"));
    const std::string deep = "1/2/3/4/5/6/7/8/9/10";
    for (size_t end = 1; end <= deep.size(); end++)
        if (end == deep.size() || deep[end] == '/')
            CHECK_SYS(mkdir(deep.substr(0, end).c_str(), 0755));
    CHECK_SYS(chdir(deep.c_str()));
    const std::string far_up = "../../../../../../../../../../far";
    const int far = zdtm::bound_socket(SOCK_DGRAM, far_up);
    CHECK_SYS(rename(far_up.c_str(), zdtm::path("sub/far_moved").c_str()));
    const int other = CHECK_SYS(open(zdtm::path("far").c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
    CHECK_SYS(chdir("/"));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::name_of(far), far_up);
    CHECK_SYS(close(other));

    CHECK_EQ(zdtm::name_of(listener), old);
    CHECK_EQ(zdtm::name_of(relative), std::string("../upwards"));
    struct stat st;
    struct stat file;
    CHECK_SYS(fstat(taken, &st));
    CHECK_SYS(stat(old.c_str(), &file));
    CHECK(S_ISREG(file.st_mode) && file.st_ino == st.st_ino);
    CHECK_SYS(stat(zdtm::path("sub/server").c_str(), &st));
    CHECK(S_ISSOCK(st.st_mode));
    CHECK_EQ(st.st_mode & 07777, 0640);
    const int client = zdtm::connected_socket(SOCK_STREAM, zdtm::path("sub/server"));
    CHECK_EQ(zdtm::peer_name_of(client), old);
    const int accepted = CHECK_SYS(accept(listener, nullptr, nullptr));
    zdtm::send_text(client, "hello");
    CHECK_EQ(zdtm::receive_text(accepted), std::string("hello"));
    const int sender = zdtm::unix_socket(SOCK_DGRAM);
    zdtm::connect_to(sender, zdtm::path("sub/moved"));
    zdtm::send_text(sender, "up");
    CHECK_EQ(zdtm::receive_text(relative), std::string("up"));
    // Nothing else is left beside them.
    for (const char* name : {"server.tmp", "far", "sub/server", "sub/moved", "sub/far_moved"})
        CHECK_SYS(unlink(zdtm::path(name).c_str()));
    for (std::string way = zdtm::path("sub/" + deep); way != zdtm::dir();
         way.resize(way.rfind('/')))
        CHECK_SYS(rmdir(way.c_str()));
    zdtm::pass();
}
