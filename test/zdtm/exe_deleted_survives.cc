// A program whose executable was deleted goes on: /proc/self/exe still is that file, without a name
// and with the same content, and can be executed once more.
#include <fcntl.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>

#include "zdtm.h"

namespace {

std::string executable() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3) {
        _exit(strcmp(argv[2], "again") == 0 && executable().ends_with(" (deleted)") ? 7 : 1);
    }
    zdtm::init(argc, argv);
    const std::string copy = zdtm::path("copy");
    if (executable() != copy) {
        std::filesystem::copy_file("/proc/self/exe", copy);
        execv(copy.c_str(), argv);
        zdtm::fail_errno(__FILE__, __LINE__, "execv");
    }
    CHECK_SYS(unlink(copy.c_str()));
    const std::string content = zdtm::read_file("/proc/self/exe");

    zdtm::checkpoint_here();

    CHECK(executable().ends_with(" (deleted)"));
    struct stat st = {};
    CHECK_SYS(stat("/proc/self/exe", &st));
    CHECK_EQ(st.st_nlink, 0u);
    CHECK(!std::filesystem::exists(copy));
    CHECK(zdtm::read_file("/proc/self/exe") == content);
    const pid_t child = zdtm::fork_child([&] {
        char again[] = "again";
        char* arguments[] = {argv[0], argv[1], again, nullptr};
        execv("/proc/self/exe", arguments);
        _exit(2);
    });
    zdtm::expect_exit(child, 7);
    zdtm::pass();
}
