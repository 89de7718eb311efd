// What the image holds is replaced by what the restore is given: a file by its path, both ends of a
// pipe with what is unread in it, a listening socket.
#include <netinet/in.h>

#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int log = CHECK_SYS(open("log", O_WRONLY | O_CREAT | O_EXCL, 0644));
    CHECK_EQ(write(log, "before\n", 7), 7);
    int ends[2] = {};
    CHECK_SYS(pipe(ends));
    CHECK_EQ(write(ends[1], "unread", 6), 6);
    const int listener = CHECK_SYS(socket(AF_INET, SOCK_STREAM, 0));
    CHECK_SYS(listen(listener, 5));
    const zdtm::Outsider outsider(zdtm::hold);
    for (const int fd : {log, ends[0], ends[1], listener}) {
        outsider.give(fd);
    }
    zdtm::tell("log_name", zdtm::path("log"));
    zdtm::tell_inode("pipe", ends[0]);
    zdtm::tell_inode("listener", listener);

    zdtm::checkpoint_here();

    for (const int fd : {log, ends[0], ends[1], listener}) {
        CHECK(outsider.shares(fd, fd));
    }
    CHECK_EQ(lseek(log, 0, SEEK_CUR), 7);
    char text[10] = {};
    CHECK_EQ(read(ends[0], text, sizeof text), 6);
    CHECK_EQ(std::string(text), std::string("unread"));
    zdtm::pass();
}
