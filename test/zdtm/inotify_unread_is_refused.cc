// Events that nobody has read yet cannot be put back: refused; they can still be read.
#include <fcntl.h>
#include <sys/inotify.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(inotify_init1(IN_NONBLOCK));
    CHECK_SYS(inotify_add_watch(fd, zdtm::dir(), IN_DELETE));
    CHECK_SYS(close(CHECK_SYS(open("gone", O_CREAT | O_WRONLY, 0644))));
    CHECK_SYS(unlink("gone"));

    zdtm::checkpoint_here();

    alignas(inotify_event) char buffer[4096];
    CHECK(read(fd, buffer, sizeof(buffer)) >= static_cast<ssize_t>(sizeof(inotify_event)));
    zdtm::pass();
}
