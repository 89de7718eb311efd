// A task in a chroot has its root and working directory there, and a file opened from inside; its
// program and libraries lie outside. Its child shares the root, its parent does not.
#include <fcntl.h>
#include <sys/stat.h>

#include "family.h"

namespace {

void check_jailed(int fd) {
    CHECK_SYS(access("/marker", F_OK));
    CHECK(access("/proc/self", F_OK) == -1 && errno == ENOENT);
    CHECK_SYS(chdir(".."));
    CHECK_SYS(chdir(".."));
    char buffer[PATH_MAX];
    CHECK_EQ(std::string(getcwd(buffer, sizeof(buffer))), std::string("/"));
    char text[8] = {};
    CHECK_EQ(pread(fd, text, sizeof(text), 0), 6);
    CHECK_EQ(std::string(text), std::string("marker"));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    CHECK_SYS(mkdir("jail", 0755));
    CHECK_SYS(mkdir("jail/cell", 0755));
    const int marker = CHECK_SYS(open("jail/marker", O_CREAT | O_WRONLY, 0644));
    CHECK_EQ(write(marker, "marker", 6), 6);
    CHECK_SYS(close(marker));
    const pid_t child = zdtm::fork_child([=] {
        CHECK_SYS(chroot("jail"));
        CHECK_SYS(chdir("/cell"));
        const int fd = CHECK_SYS(open("/marker", O_RDONLY));
        const pid_t grandchild = zdtm::fork_child([=] {
            gate->wait();
            check_jailed(fd);
        });
        gate->wait();
        char buffer[PATH_MAX];
        CHECK_EQ(std::string(getcwd(buffer, sizeof(buffer))), std::string("/cell"));
        check_jailed(fd);
        zdtm::expect_exit(grandchild);
    });
    gate->expect(2);

    zdtm::checkpoint_here();

    CHECK(access("/marker", F_OK) == -1);
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
