// O_APPEND stays: writes go to the end of the file, wherever the offset is and whoever wrote last.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int appender = CHECK_SYS(open("log", O_CREAT | O_EXCL | O_RDWR | O_APPEND, 0644));
    const int plain = CHECK_SYS(open("log", O_RDWR));
    // Set after open: the same flag.
    const int late = CHECK_SYS(open("log", O_WRONLY));
    CHECK_SYS(fcntl(late, F_SETFL, O_APPEND));
    CHECK_EQ(write(appender, "one\n", 4), 4);
    CHECK_SYS(lseek(appender, 1, SEEK_SET));

    zdtm::checkpoint_here();

    CHECK_EQ(lseek(appender, 0, SEEK_CUR), 1);
    CHECK_EQ(write(plain, "ONE", 3), 3);
    CHECK_EQ(write(appender, "two\n", 4), 4);
    CHECK_EQ(write(late, "three\n", 6), 6);
    CHECK_EQ(lseek(appender, 0, SEEK_CUR), 8);
    CHECK_EQ(zdtm::read_file("log"), std::string("ONE\ntwo\nthree\n"));
    zdtm::pass();
}
