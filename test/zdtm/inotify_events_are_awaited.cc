// A dump in the moment between an event and its reading waits for that moment to be over: of a
// program that takes its time for every event none is lost, and none is a reason to refuse it.
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>

#include <atomic>
#include <thread>

#include "zdtm.h"

namespace {

constexpr int kPeriod = 40;    // ms between two events
constexpr int kReaction = 10;  // ms from an event to its reading

std::atomic<int> made{0};
std::atomic<int> heard{0};
std::atomic<bool> over{false};

void listen(int fd) {
    pollfd poll_fd = {fd, POLLIN, 0};
    while (poll(&poll_fd, 1, -1) == 1) {
        zdtm::sleep_ms(kReaction);
        inotify_event event{};
        CHECK_EQ(read(fd, &event, sizeof(event)), static_cast<ssize_t>(sizeof(event)));
        if (event.mask != IN_MODIFY)
            return;
        heard++;
    }
}

void make_events(int file) {
    while (!over) {
        CHECK_EQ(pwrite(file, "x", 1, 0), 1);
        made++;
        // The next one comes when this one was heard, or they would become one.
        zdtm::wait_until([] { return heard == made; });
        zdtm::sleep_ms(kPeriod);
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int file = CHECK_SYS(open("file", O_CREAT | O_WRONLY, 0644));
    const int fd = CHECK_SYS(inotify_init1(0));
    const int watch = CHECK_SYS(inotify_add_watch(fd, "file", IN_MODIFY));
    std::thread listener(listen, fd);
    std::thread maker(make_events, file);

    zdtm::checkpoint_here();

    const int before = heard;
    zdtm::wait_until([&] { return heard > before + 2; });
    over = true;
    maker.join();
    CHECK_SYS(inotify_rm_watch(fd, watch));  // is an event (IN_IGNORED)
    listener.join();
    CHECK_EQ(heard, made);
    zdtm::pass();
}
