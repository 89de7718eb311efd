// FIFOs that a task of the tree reads and nobody in it writes: one that had no writer yet, and one
// whose writer is outside of the tree. Both hear of those who write later.
#include <fcntl.h>
#include <sys/stat.h>

#include "outsider.h"

namespace {

void expect_text(int fd, const std::string& wanted) {
    std::string text;
    zdtm::wait_until([&] {
        char piece[64];
        const ssize_t got = read(fd, piece, sizeof piece);
        text.append(piece, static_cast<size_t>(std::max<ssize_t>(got, 0)));
        return text.size() >= wanted.size();
    });
    CHECK_EQ(text, wanted);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string new_one = zdtm::path("new");
    const std::string held = zdtm::path("held");
    const std::string go = zdtm::path("write");
    CHECK_SYS(mkfifo(new_one.c_str(), 0600));
    CHECK_SYS(mkfifo(held.c_str(), 0600));
    const int fd = CHECK_SYS(open(new_one.c_str(), O_RDONLY | O_NONBLOCK));
    const int other = CHECK_SYS(open(held.c_str(), O_RDONLY | O_NONBLOCK));
    const zdtm::Outsider outsider([&] {
        CHECK_SYS(close_range(3, ~0U, 0));
        const int writer = CHECK_SYS(open(held.c_str(), O_WRONLY));
        CHECK_EQ(write(writer, "before", 6), 6);
        const double end = zdtm::now() + 120;
        while (access(go.c_str(), F_OK) != 0 && !zdtm::is_over(end))
            zdtm::sleep_ms(5);
        write(writer, "after", 5);
        zdtm::hold();
    });
    expect_text(other, "before");

    zdtm::checkpoint_here();

    CHECK_SYS(close(CHECK_SYS(open(go.c_str(), O_WRONLY | O_CREAT, 0600))));
    expect_text(other, "after");
    const int writer = CHECK_SYS(open(new_one.c_str(), O_WRONLY | O_NONBLOCK));
    CHECK_EQ(write(writer, "hello", 5), 5);
    expect_text(fd, "hello");
    zdtm::pass();
}
