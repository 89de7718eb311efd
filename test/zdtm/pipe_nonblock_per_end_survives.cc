// O_NONBLOCK belongs to one end of a pipe only, and to all dups of that end.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int reading[2];
    int writing[2];
    CHECK_SYS(pipe(reading));
    CHECK_SYS(pipe(writing));
    CHECK_SYS(fcntl(reading[0], F_SETFL, O_NONBLOCK));
    CHECK_SYS(fcntl(writing[1], F_SETFL, O_NONBLOCK));
    const int dup_reading = CHECK_SYS(dup(reading[0]));

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(reading[0], F_GETFL), O_RDONLY | O_NONBLOCK);
    CHECK_EQ(fcntl(reading[1], F_GETFL), O_WRONLY);
    CHECK_EQ(fcntl(writing[0], F_GETFL), O_RDONLY);
    CHECK_EQ(fcntl(writing[1], F_GETFL), O_WRONLY | O_NONBLOCK);
    char byte = 0;
    CHECK(read(reading[0], &byte, 1) == -1 && errno == EAGAIN);
    CHECK_SYS(fcntl(dup_reading, F_SETFL, 0));
    CHECK_EQ(fcntl(reading[0], F_GETFL), O_RDONLY);
    zdtm::pass();
}
