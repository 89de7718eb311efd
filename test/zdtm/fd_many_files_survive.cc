// Five thousand open files, each with its own offset, in one task.
#include <fcntl.h>
#include <sys/resource.h>

#include <vector>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    constexpr int kFiles = 5'000;
    rlimit limit = {};
    CHECK_SYS(getrlimit(RLIMIT_NOFILE, &limit));
    if (limit.rlim_max < kFiles + 100) {
        zdtm::skip("the hard limit of open files is too low");
    }
    limit.rlim_cur = kFiles + 100;
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    std::vector<int> files;
    for (int i = 0; i < kFiles; i++) {
        const std::string name = "file" + std::to_string(i % 100);
        files.push_back(CHECK_SYS(open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)));
        CHECK_SYS(lseek(files.back(), i, SEEK_SET));
    }

    zdtm::checkpoint_here();

    for (int i = 0; i < kFiles; i++) {
        CHECK_EQ(lseek(files[i], 0, SEEK_CUR), i);
        CHECK_EQ(fcntl(files[i], F_GETFD), FD_CLOEXEC);
    }
    zdtm::pass();
}
