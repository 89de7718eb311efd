// Open files in /proc of tasks of the tree, and of the system: the task's own, a child's, its
// directory, where another one works in; they tell of the same tasks afterwards.
#include <dirent.h>
#include <fcntl.h>

#include "family.h"

namespace {

std::string read_anew(int fd) {
    std::string text(4096, '\0');
    text.resize(static_cast<size_t>(CHECK_SYS(pread(fd, text.data(), text.size(), 0))));
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    auto* last_gate = zdtm::Gate::make();
    const pid_t child = zdtm::fork_child([&] { last_gate->wait(); });
    const pid_t inside = zdtm::fork_child([&] {
        CHECK_SYS(chdir(("/proc/" + std::to_string(child)).c_str()));
        gate->wait();
        CHECK_EQ(access("status", F_OK), 0);
        CHECK_SYS(chdir(zdtm::dir()));
    });
    gate->expect(1);
    last_gate->expect(1);
    const std::string name = "/proc/" + std::to_string(child);
    const int own = CHECK_SYS(open("/proc/self/status", O_RDONLY));
    const int other = CHECK_SYS(open((name + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
    const int memory = CHECK_SYS(open("/proc/self/mem", O_RDWR));
    const int directory = CHECK_SYS(open(name.c_str(), O_RDONLY | O_DIRECTORY));
    const int setting = CHECK_SYS(open("/proc/sys/kernel/pid_max", O_RDONLY));
    const int first = CHECK_SYS(open("/proc/1/stat", O_RDONLY));
    const int sys = CHECK_SYS(open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY));
    const int value = 77;
    char byte = 0;
    CHECK_EQ(read(own, &byte, 1), 1);

    zdtm::checkpoint_here();

    CHECK_EQ(lseek(own, 0, SEEK_CUR), 1);
    CHECK_EQ(zdtm::field(read_anew(own), "Pid"), std::to_string(getpid()));
    CHECK(read_anew(other).starts_with(std::to_string(child) + " "));
    int found = 0;
    CHECK_EQ(pread(memory, &found, sizeof found, static_cast<off_t>(uintptr_t(&value))), 4);
    CHECK_EQ(found, 77);
    CHECK_EQ(faccessat(directory, "status", F_OK, 0), 0);
    CHECK(!read_anew(setting).empty());
    CHECK(read_anew(first).starts_with("1 "));
    CHECK(!read_anew(sys).empty());
    gate->open();
    zdtm::expect_exit(inside);
    last_gate->open();
    zdtm::expect_exit(child);
    CHECK(read(other, &byte, 1) == -1 && errno == ESRCH);
    zdtm::pass();
}
