// Events that are read a little later are waited for: a dump between the event and its reader is
// tried again, and no event is lost or seen twice.
#include <fcntl.h>
#include <sys/inotify.h>

#include <atomic>

#include "threads.h"
#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(inotify_init1(IN_NONBLOCK));
    CHECK_SYS(inotify_add_watch(fd, zdtm::dir(), IN_DELETE));
    std::atomic<bool> over = false;
    int gone = 0;
    int seen = 0;
    std::thread slow_reader([&] {
        while (!over) {
            CHECK_SYS(close(CHECK_SYS(open("gone", O_CREAT | O_WRONLY, 0644))));
            CHECK_SYS(unlink("gone"));
            gone++;
            zdtm::sleep_ms(40);
            alignas(inotify_event) char buffer[4096];
            const ssize_t got = CHECK_SYS(read(fd, buffer, sizeof(buffer)));
            CHECK_EQ(got, static_cast<ssize_t>(sizeof(inotify_event) + 16));
            seen++;
            zdtm::sleep_ms(40);
        }
    });

    zdtm::checkpoint_here();

    over = true;
    slow_reader.join();
    CHECK_EQ(seen, gone);
    zdtm::pass();
}
