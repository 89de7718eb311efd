// Open files in /proc of threads that are not the first of their process: by thread-self, by the
// directory of the process or of the thread's own number, of a child's thread, and a directory that
// is worked in; they tell of the same threads afterwards, until these end.
#include <fcntl.h>

#include <thread>

#include "family.h"

namespace {

std::string read_anew(int fd) {
    std::string text(4096, '\0');
    text.resize(static_cast<size_t>(CHECK_SYS(pread(fd, text.data(), text.size(), 0))));
    return text;
}

std::string directory_of(pid_t pid, pid_t tid) {
    return "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Shared* shared = zdtm::Shared::make();
    auto stay = [=](int slot) {
        shared->slot[slot] = gettid();
        shared->ready++;
        zdtm::wait_until([=] { return shared->go != 0; });
    };
    int own = -1;
    std::thread thread([&] {
        own = CHECK_SYS(open("/proc/thread-self/stat", O_RDONLY));
        stay(0);
    });
    zdtm::wait_until([=] { return shared->ready == 1; });
    const pid_t child = zdtm::fork_child([=] { std::thread(stay, 1).join(); });
    zdtm::wait_until([=] { return shared->ready == 2; });
    const auto tid = static_cast<pid_t>(shared->slot[0]);
    const auto of_child = static_cast<pid_t>(shared->slot[1]);
    const std::string name = directory_of(child, of_child);
    const int status = CHECK_SYS(open((name + "/status").c_str(), O_RDONLY | O_CLOEXEC));
    const int by_number =
        CHECK_SYS(open(("/proc/" + std::to_string(of_child) + "/stat").c_str(), O_RDONLY));
    const int directory = CHECK_SYS(open(name.c_str(), O_RDONLY | O_DIRECTORY));
    CHECK_SYS(chdir(name.c_str()));
    char byte = 0;
    CHECK_EQ(read(status, &byte, 1), 1);

    zdtm::checkpoint_here();

    CHECK(read_anew(own).starts_with(std::to_string(tid) + " "));
    CHECK_EQ(lseek(status, 0, SEEK_CUR), 1);
    CHECK_EQ(zdtm::field(read_anew(status), "Pid"), std::to_string(of_child));
    CHECK_EQ(zdtm::field(read_anew(status), "Tgid"), std::to_string(child));
    CHECK(read_anew(by_number).starts_with(std::to_string(of_child) + " "));
    CHECK_EQ(faccessat(directory, "status", F_OK, 0), 0);
    CHECK_EQ(access("status", F_OK), 0);
    shared->go = 1;
    thread.join();
    zdtm::expect_exit(child);
    for (const int fd : {own, status, by_number}) {
        CHECK_EQ(read(fd, &byte, 1), -1);
        CHECK_EQ(errno, ESRCH);
    }
    zdtm::pass();
}
