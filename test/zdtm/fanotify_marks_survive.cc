// Marks of fanotify on a file, a directory and a file system, with what they ignore: the restore is
// no event, what happens then is told.
#include <errno.h>
#include <fcntl.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

#include "zdtm.h"

namespace {

void read_file(const char* name) {
    const int fd = CHECK_SYS(open(name, O_RDONLY));
    char byte = 0;
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_SYS(close(fd));
}

void check_event(int fd, uint64_t mask) {
    fanotify_event_metadata event{};
    CHECK_EQ(read(fd, &event, sizeof(event)), static_cast<ssize_t>(sizeof(event)));
    CHECK_EQ(event.mask, mask);
    CHECK_EQ(event.pid, getpid());
    CHECK_EQ(fcntl(event.fd, F_GETFL) & (O_ACCMODE | O_NOATIME), O_RDONLY | O_NOATIME);
    CHECK_SYS(close(event.fd));
}

void check_empty(int fd) {
    fanotify_event_metadata event{};
    CHECK_EQ(read(fd, &event, sizeof(event)), -1);
    CHECK_EQ(errno, EAGAIN);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    for (const char* name : {"marked", "ignored"})
        CHECK_SYS(close(CHECK_SYS(open(name, O_CREAT | O_WRONLY, 0644))));
    CHECK_SYS(mkdir("directory", 0755));
    CHECK_SYS(close(CHECK_SYS(open("directory/child", O_CREAT | O_WRONLY, 0644))));
    const int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK, O_RDONLY | O_NOATIME);
    if (fd < 0)
        zdtm::skip("fanotify is not allowed here");
    CHECK_SYS(fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN | FAN_MODIFY, AT_FDCWD, "marked"));
    CHECK_SYS(fanotify_mark(fd, FAN_MARK_ADD, FAN_CLOSE_NOWRITE | FAN_EVENT_ON_CHILD, AT_FDCWD,
                            "directory"));
    CHECK_SYS(fanotify_mark(fd, FAN_MARK_ADD, FAN_ACCESS, AT_FDCWD, "ignored"));
    CHECK_SYS(fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY,
                            FAN_ACCESS, AT_FDCWD, "ignored"));

    zdtm::checkpoint_here();

    check_empty(fd);
    read_file("marked");
    check_event(fd, FAN_OPEN);
    read_file("directory/child");
    check_event(fd, FAN_CLOSE_NOWRITE);
    read_file("ignored");
    check_empty(fd);
    zdtm::pass();
}
