// Working directory and umask of two tasks that differ in both stay, a directory with odd bytes in
// its name included.
#include <fcntl.h>
#include <sys/stat.h>

#include "family.h"

namespace {

void check_place(const std::string& where, mode_t file_mode) {
    char buffer[PATH_MAX];
    CHECK(getcwd(buffer, sizeof(buffer)) != nullptr);
    CHECK_EQ(std::string(buffer), where);
    const int fd = CHECK_SYS(open("made", O_CREAT | O_EXCL | O_WRONLY, 0777));
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_mode & 0777, file_mode);
    CHECK_SYS(close(fd));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const std::string odd = zdtm::path("odd \n\t\\ \xff name");
    CHECK_SYS(mkdir(odd.c_str(), 0700));
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(chdir(odd.c_str()));
        umask(0177);
        gate->wait();
        check_place(odd, 0600);
    });
    const pid_t at_top = zdtm::fork_child([&] {
        CHECK_SYS(chdir("/"));
        gate->wait();
        char buffer[PATH_MAX];
        CHECK_EQ(std::string(getcwd(buffer, sizeof(buffer))), std::string("/"));
    });
    gate->expect(2);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(child);
    zdtm::expect_exit(at_top);
    check_place(zdtm::dir(), 0755);
    zdtm::pass();
}
