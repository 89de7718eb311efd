// A program that was run from a memfd (fexecve(3)) goes on: /proc/self/exe is that memory, with the
// same name, content and seals, and can be executed once more.
#include <fcntl.h>
#include <sys/mman.h>

#include <cstring>
#include <filesystem>

#include "zdtm.h"

namespace {

constexpr const char* kLink = "/memfd:program (deleted)";
constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

std::string executable() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

void run_from_memfd(char** argv) {
    const int fd = CHECK_SYS(memfd_create("program", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    const std::string content = zdtm::read_file("/proc/self/exe");
    CHECK_EQ(write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    CHECK_SYS(fcntl(fd, F_ADD_SEALS, kSeals));
    fexecve(fd, argv, environ);
    zdtm::fail_errno(__FILE__, __LINE__, "fexecve");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3)
        _exit(strcmp(argv[2], "again") == 0 && executable() == kLink ? 7 : 1);
    zdtm::init(argc, argv);
    if (executable() != kLink)
        run_from_memfd(argv);
    const std::string content = zdtm::read_file("/proc/self/exe");

    zdtm::checkpoint_here();

    CHECK_EQ(executable(), kLink);
    CHECK(zdtm::read_file("/proc/self/exe") == content);
    const int fd = CHECK_SYS(open("/proc/self/exe", O_RDONLY));
    CHECK_EQ(CHECK_SYS(fcntl(fd, F_GET_SEALS)), kSeals);
    const pid_t child = zdtm::fork_child([&] {
        char again[] = "again";
        char* arguments[] = {argv[0], argv[1], again, nullptr};
        execv("/proc/self/exe", arguments);
        _exit(2);
    });
    zdtm::expect_exit(child, 7);
    zdtm::pass();
}
