// A task whose working directory was removed is still in it: it is a directory without a name.
#include <sys/stat.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    CHECK_SYS(mkdir("gone", 0710));
    const pid_t child = zdtm::fork_child([=] {
        CHECK_SYS(chdir("gone"));
        gate->wait();
        char buffer[PATH_MAX] = {};
        CHECK(getcwd(buffer, sizeof(buffer)) == nullptr && errno == ENOENT);
        CHECK_SYS(readlink("/proc/self/cwd", buffer, sizeof(buffer) - 1));
        CHECK_EQ(std::string(buffer), zdtm::path("gone (deleted)"));
        struct stat st = {};
        CHECK_SYS(stat(".", &st));
        CHECK(S_ISDIR(st.st_mode));
        CHECK_EQ(st.st_mode & 07777, 0710u);
        CHECK_EQ(st.st_nlink, 0u);
        CHECK(mkdir("inside", 0755) == -1 && errno == ENOENT);
        CHECK_SYS(chdir(".."));
        CHECK_EQ(std::string(getcwd(buffer, sizeof(buffer))), std::string(zdtm::dir()));
    });
    gate->expect(1);
    CHECK_SYS(rmdir("gone"));

    zdtm::checkpoint_here();

    CHECK(access("gone", F_OK) == -1 && errno == ENOENT);
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
