// The login uid that the audit log knows a task by, its child's own, and that of a thread made
// after the restore; a child that has none has none.
#include <fcntl.h>

#include <thread>

#include "zdtm.h"

namespace {

constexpr const char* kFile = "/proc/thread-self/loginuid";
constexpr const char* kUnset = "4294967295";

std::string login_uid() {
    return zdtm::read_file(kFile);
}

void log_in(const std::string& uid) {
    const int fd = CHECK_SYS(open("/proc/self/loginuid", O_WRONLY));
    CHECK_EQ(write(fd, uid.data(), uid.size()), uid.size());
    CHECK_SYS(close(fd));
}

pid_t child_with(zdtm::Shared* shared, const char* uid) {
    shared->ready = 0;
    const pid_t child = zdtm::fork_child([=] {
        log_in(uid);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(login_uid(), uid);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    return child;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (access(kFile, W_OK) != 0) {
        zdtm::skip("this kernel keeps no login uids");
    }
    auto* shared = zdtm::Shared::make();
    log_in("1234");
    const pid_t other = child_with(shared, "77");
    const pid_t none = child_with(shared, kUnset);

    zdtm::checkpoint_here();

    CHECK_EQ(login_uid(), "1234");
    std::thread([] { CHECK_EQ(login_uid(), "1234"); }).join();
    shared->go = 1;
    zdtm::expect_exit(other);
    zdtm::expect_exit(none);
    zdtm::pass();
}
