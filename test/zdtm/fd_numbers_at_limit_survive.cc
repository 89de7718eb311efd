// Descriptors whose numbers are the last that there may be are restored under them: programs that
// leave the usual numbers to others keep their own there.
#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    rlimit limit{};
    CHECK_SYS(getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = limit.rlim_max = std::min<rlim_t>(limit.rlim_max, 1 << 20);
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    const int last = static_cast<int>(limit.rlim_cur) - 1;
    int pipe_ends[2];
    CHECK_SYS(pipe(pipe_ends));
    CHECK_EQ(write(pipe_ends[1], "text", 4), 4);
    CHECK_SYS(dup2(pipe_ends[0], last));
    CHECK_SYS(dup2(pipe_ends[1], last - 10));
    CHECK_SYS(close(pipe_ends[0]));
    CHECK_SYS(close(pipe_ends[1]));

    zdtm::checkpoint_here();

    CHECK_EQ(write(last - 10, "more", 4), 4);
    char text[9] = {};
    CHECK_EQ(read(last, text, 8), 8);
    CHECK_EQ(std::string(text), std::string("textmore"));
    CHECK_SYS(close(last - 10));
    CHECK_EQ(read(last, text, 8), 0);
    zdtm::pass();
}
