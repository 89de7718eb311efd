// Two thousand pipes, a third of them with data and a third without a writer.
#include <sys/resource.h>

#include <algorithm>
#include <vector>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    constexpr int kPipes = 2'000;
    rlimit limit = {};
    CHECK_SYS(getrlimit(RLIMIT_NOFILE, &limit));
    if (limit.rlim_max < 2 * kPipes + 100) {
        zdtm::skip("the hard limit of open files is too low");
    }
    limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, 2 * kPipes + 100);
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    std::vector<int> readers;
    std::vector<int> writers;
    for (int i = 0; i < kPipes; i++) {
        int fds[2];
        CHECK_SYS(pipe(fds));
        if (i % 3 != 0) {
            CHECK_EQ(write(fds[1], &i, sizeof(i)), sizeof(i));
        }
        if (i % 3 == 2) {
            CHECK_SYS(close(fds[1]));
        }
        readers.push_back(fds[0]);
        writers.push_back(fds[1]);
    }

    zdtm::checkpoint_here();

    for (int i = 0; i < kPipes; i++) {
        const int other = -i;
        if (i % 3 == 0) {
            CHECK_EQ(write(writers[i], &other, sizeof(other)), sizeof(other));
        }
        int got = 0;
        CHECK_EQ(read(readers[i], &got, sizeof(got)), sizeof(got));
        CHECK_EQ(got, i % 3 == 0 ? other : i);
        if (i % 3 == 2) {
            CHECK_EQ(read(readers[i], &got, sizeof(got)), 0);
        }
    }
    zdtm::pass();
}
