// A read of an empty pipe waits on, and gets what is written after the restore.
#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_endless_call(
        SYS_read,
        [&] {
            char buffer[16] = {};
            CHECK_EQ(read(ends[0], buffer, sizeof(buffer)), 5);
            CHECK_EQ(std::string(buffer), "after");
        },
        [&](pid_t) { CHECK_EQ(write(ends[1], "after", 5), 5); });
    zdtm::pass();
}
