// Tasks that wait for a message or for room in a POSIX message queue go on waiting, and get what
// they wait for; one with a time limit waits until that very moment.
#include "family.h"
#include "queues.h"

namespace {

constexpr double kLimit = 4;

timespec in_seconds(double seconds) {
    const double at = zdtm::now(CLOCK_REALTIME) + seconds;
    const auto whole = static_cast<time_t>(at);
    return {whole, static_cast<long>((at - static_cast<double>(whole)) * 1e9)};
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const mqd_t empty = zdtm::make_unlinked_queue(1, 4, 100);
    const mqd_t full = zdtm::make_unlinked_queue(2, 2, 100);
    const mqd_t never = zdtm::make_unlinked_queue(3, 1, 100);
    zdtm::put(full, 1, "one");
    zdtm::put(full, 1, "two");
    const timespec late = in_seconds(kLimit);
    const timespec never_ends = in_seconds(1000);
    char text[100];
    const pid_t reader = zdtm::fork_child([&] {
        unsigned priority = 0;
        CHECK_EQ(mq_receive(empty, text, sizeof text, &priority), 5);
        CHECK_EQ(std::string(text, 5), "hello");
        CHECK_EQ(priority, 7U);
    });
    const pid_t writer =
        zdtm::fork_child([&] { CHECK_SYS(mq_timedsend(full, "three", 5, 2, &never_ends)); });
    const pid_t timed = zdtm::fork_child([&] {
        CHECK_EQ(mq_timedreceive(never, text, sizeof text, nullptr, &late), -1);
        CHECK_EQ(errno, ETIMEDOUT);
        CHECK(zdtm::now(CLOCK_REALTIME) + 0.001 >= static_cast<double>(late.tv_sec));
    });
    zdtm::wait_in_syscall(reader, SYS_mq_timedreceive);
    zdtm::wait_in_syscall(writer, SYS_mq_timedsend);
    zdtm::wait_in_syscall(timed, SYS_mq_timedreceive);

    zdtm::checkpoint_here();

    zdtm::wait_in_syscall(writer, SYS_mq_timedsend);
    zdtm::put(empty, 7, "hello");
    zdtm::expect_exit(reader);
    CHECK_EQ(zdtm::take(full), "1:one");
    zdtm::expect_exit(writer);
    CHECK_EQ(zdtm::take(full), "2:three");
    CHECK_EQ(zdtm::take(full), "1:two");
    zdtm::expect_exit(timed);
    zdtm::pass();
}
