// Watches on files and directories keep their numbers, masks and order, also with numbers between
// them that were removed; the restore itself is no event; what happens then is told.
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <cstring>
#include <string>

#include "zdtm.h"

namespace {

void touch(const char* name) {
    CHECK_SYS(close(CHECK_SYS(open(name, O_CREAT | O_WRONLY, 0644))));
}

// The one event that there is.
inotify_event only_event(int fd, std::string* name = nullptr) {
    alignas(inotify_event) char buffer[4096];
    const ssize_t got = read(fd, buffer, sizeof(buffer));
    inotify_event event{};
    CHECK(got >= static_cast<ssize_t>(sizeof(event)));
    std::memcpy(&event, buffer, sizeof(event));
    CHECK_EQ(got, static_cast<ssize_t>(sizeof(event) + event.len));
    if (name != nullptr)
        *name = buffer + sizeof(event);
    return event;
}

void check_empty(int fd) {
    char buffer[4096];
    CHECK_EQ(read(fd, buffer, sizeof(buffer)), -1);
    CHECK_EQ(errno, EAGAIN);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(mkdir("watched", 0755));
    touch("file");
    touch("opened");
    const int held = CHECK_SYS(open("opened", O_RDONLY));
    const int fd = CHECK_SYS(inotify_init1(IN_NONBLOCK));
    const int directory = CHECK_SYS(inotify_add_watch(fd, "watched", IN_CREATE | IN_DELETE));
    for (int i = 0; i < 50; i++)
        CHECK_SYS(inotify_rm_watch(fd, CHECK_SYS(inotify_add_watch(fd, "/", IN_CREATE))));
    const int once = CHECK_SYS(inotify_add_watch(fd, "file", IN_OPEN | IN_ONESHOT));
    const int all = CHECK_SYS(inotify_add_watch(fd, "opened", IN_ALL_EVENTS));
    char events[16384];
    CHECK(read(fd, events, sizeof(events)) > 0);

    zdtm::checkpoint_here();

    check_empty(fd);
    touch("watched/new");
    std::string name;
    inotify_event event = only_event(fd, &name);
    CHECK_EQ(event.wd, directory);
    CHECK_EQ(event.mask, IN_CREATE);
    CHECK_EQ(name, "new");
    touch("file");
    char buffer[4096];
    CHECK_EQ(read(fd, buffer, sizeof(buffer)), static_cast<ssize_t>(2 * sizeof(event)));
    std::memcpy(&event, buffer, sizeof(event));
    CHECK_EQ(event.wd, once);
    CHECK_EQ(event.mask, IN_OPEN);
    touch("file");
    check_empty(fd);
    char byte = 0;
    CHECK_EQ(read(held, &byte, 1), 0);
    CHECK_SYS(close(held));
    CHECK_EQ(read(fd, buffer, sizeof(buffer)), static_cast<ssize_t>(sizeof(event)));
    std::memcpy(&event, buffer, sizeof(event));
    CHECK_EQ(event.wd, all);
    CHECK_EQ(event.mask, IN_CLOSE_NOWRITE);
    CHECK_EQ(inotify_add_watch(fd, "/", IN_CREATE), all + 1);
    zdtm::pass();
}
