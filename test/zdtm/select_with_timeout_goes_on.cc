// A select with a timeout ends with 0 when its time is over, and not early, with empty sets.
#include <sys/select.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_timed_call(SYS_select, [&] {
        fd_set reading;
        FD_ZERO(&reading);
        FD_SET(ends[0], &reading);
        timeval timeout = {1, 500'000};
        CHECK_EQ(syscall(SYS_select, ends[0] + 1, &reading, nullptr, nullptr, &timeout), 0);
        CHECK(!FD_ISSET(ends[0], &reading));
    });
    zdtm::pass();
}
