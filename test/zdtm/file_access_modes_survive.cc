// A descriptor allows reading or writing as it was opened, whatever the file's own mode has become.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int writer = CHECK_SYS(open("data", O_CREAT | O_EXCL | O_WRONLY, 0644));
    const int reader = CHECK_SYS(open("data", O_RDONLY));
    CHECK_EQ(write(writer, "text", 4), 4);
    CHECK_SYS(chmod("data", 0444));

    zdtm::checkpoint_here();

    char buffer[8] = {};
    CHECK(read(writer, buffer, 1) == -1 && errno == EBADF);
    CHECK(write(reader, buffer, 1) == -1 && errno == EBADF);
    CHECK_EQ(read(reader, buffer, sizeof(buffer)), 4);
    CHECK_EQ(std::string(buffer), std::string("text"));
    CHECK_EQ(write(writer, "more", 4), 4);
    CHECK_EQ(zdtm::read_file("data"), std::string("textmore"));
    struct stat st = {};
    CHECK_SYS(stat("data", &st));
    CHECK_EQ(st.st_mode & 0777, 0444u);
    zdtm::pass();
}
