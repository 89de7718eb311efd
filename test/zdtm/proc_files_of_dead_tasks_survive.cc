// Open files in /proc of a task that has gone, or of a thread, answer ESRCH, also after a restore,
// and its directory has nothing in it.
#include <fcntl.h>
#include <sys/stat.h>

#include <thread>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([&] { gate->wait(); });
    gate->expect(1);
    const std::string name = "/proc/" + std::to_string(child);
    const int status = CHECK_SYS(open((name + "/status").c_str(), O_RDONLY | O_NONBLOCK));
    const std::string of_thread = name + "/task/" + std::to_string(child) + "/maps";
    const int maps = CHECK_SYS(open(of_thread.c_str(), O_RDONLY | O_CLOEXEC));
    const int directory = CHECK_SYS(open(name.c_str(), O_RDONLY | O_DIRECTORY));
    gate->open();
    zdtm::expect_exit(child);
    int thread = -1;
    std::thread([&] { thread = CHECK_SYS(open("/proc/thread-self/stat", O_RDONLY)); }).join();
    zdtm::wait_until([=] {
        char byte = 0;
        return read(thread, &byte, 1) == -1 && errno == ESRCH;
    });

    zdtm::checkpoint_here();

    char byte = 0;
    CHECK(read(status, &byte, 1) == -1 && errno == ESRCH);
    CHECK(read(maps, &byte, 1) == -1 && errno == ESRCH);
    CHECK(read(thread, &byte, 1) == -1 && errno == ESRCH);
    CHECK((fcntl(status, F_GETFL) & O_NONBLOCK) != 0);
    CHECK_EQ(fcntl(maps, F_GETFD), FD_CLOEXEC);
    // The kernel says one or the other, as it has forgotten the name already or not.
    CHECK_EQ(faccessat(directory, "status", F_OK, 0), -1);
    CHECK(errno == ENOENT || errno == ESRCH);
    struct stat st = {};
    CHECK_SYS(fstat(directory, &st));
    CHECK(S_ISDIR(st.st_mode));
    zdtm::pass();
}
