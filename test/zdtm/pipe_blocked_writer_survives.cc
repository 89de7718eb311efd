// A writer that sleeps because the pipe is full goes on where it was, and every byte arrives once.
#include <sys/syscall.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int fds[2];
    CHECK_SYS(pipe(fds));
    constexpr size_t kTotal = 200'000;
    const auto byte_at = [](size_t i) { return static_cast<char>(i * 31 + i / 4'096); };
    const pid_t writer = zdtm::fork_child([&] {
        CHECK_SYS(close(fds[0]));
        std::string data(kTotal, '\0');
        for (size_t i = 0; i < kTotal; i++) {
            data[i] = byte_at(i);
        }
        // The kernel ends a write that has put some bytes into the pipe when the task is stopped,
        // with their number (pipe_write in fs/pipe.c): short, but never wrong, and never EINTR.
        for (size_t done = 0; done < kTotal;) {
            done += CHECK_SYS(write(fds[1], data.data() + done, kTotal - done));
        }
    });
    CHECK_SYS(close(fds[1]));
    zdtm::wait_in_syscall(writer, SYS_write);

    zdtm::checkpoint_here();

    char buffer[10'000];
    size_t total = 0;
    ssize_t n = 0;
    while ((n = CHECK_SYS(read(fds[0], buffer, sizeof(buffer)))) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            CHECK_EQ(buffer[i], byte_at(total + static_cast<size_t>(i)));
        }
        total += static_cast<size_t>(n);
    }
    CHECK_EQ(total, kTotal);
    zdtm::expect_exit(writer);
    zdtm::pass();
}
