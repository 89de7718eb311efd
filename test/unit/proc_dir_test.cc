// A directory of /proc held open: listing, reading, and staying bound to its task.
#include "sys/proc_dir.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "base/error.h"
#include "sys/child.h"

using namespace crtool::sys;

namespace {

int sleep_on() {
    for (;;)
        ::pause();
}

bool contains(const std::vector<int>& numbers, int wanted) {
    return std::binary_search(numbers.begin(), numbers.end(), wanted);
}

crtool::Errc code_of(const ProcDir& dir) {
    try {
        dir.read("stat");
    } catch (const crtool::Error& error) {
        return error.code();
    }
    return crtool::Errc::internal;
}

}  // namespace

TEST_CASE("names in /proc tell of which task they are") {
    auto file = parse_proc_path("/proc/41/stat");
    REQUIRE(file.has_value());
    CHECK(file->pid == 41);
    CHECK(file->tid == 0);
    CHECK(file->of(7) == "/proc/7/stat");
    auto thread = parse_proc_path("/proc/41/task/42/fdinfo/3");
    REQUIRE(thread.has_value());
    CHECK(thread->tid == 42);
    CHECK(thread->of(7) == "/proc/7/task/7/fdinfo/3");
    CHECK(parse_proc_path("/proc/41")->of(7) == "/proc/7");
    CHECK(parse_proc_path("/proc/41/task")->of(7) == "/proc/7/task");
    for (const char* other :
         {"/proc", "/proc/", "/proc/sys", "/proc/0", "/proc/4x/stat", "/sys/41"})
        CHECK_FALSE(parse_proc_path(other).has_value());
}

TEST_CASE("proc_dir lists descriptors, threads and children") {
    UniqueFd high(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 700));
    ChildProcess child = ChildProcess::spawn(sleep_on);
    ProcDir self(::getpid());
    std::vector<int> fds = self.fds();
    CHECK(std::is_sorted(fds.begin(), fds.end()));
    CHECK(contains(fds, high.get()));
    CHECK(contains(self.children(), child.pid()));
    std::vector<pid_t> during;
    pid_t tid = 0;
    std::thread([&] {
        tid = static_cast<pid_t>(::syscall(SYS_gettid));
        during = self.threads();
    }).join();
    CHECK(contains(during, tid));
    CHECK(contains(during, ::getpid()));
}

TEST_CASE("proc_dir reads files and links") {
    ProcDir self(::getpid());
    CHECK(self.pid() == ::getpid());
    CHECK(self.exists());
    CHECK(self.read("stat").starts_with(std::to_string(::getpid()) + " ("));
    CHECK(self.try_read("no_such_file") == std::nullopt);
    CHECK_THROWS_AS(self.read("no_such_file"), crtool::Error);
    CHECK(self.link("cwd").value().starts_with("/"));
    CHECK(self.link("fd/9999") == std::nullopt);
    CHECK(self.open("maps", O_RDONLY).valid());
    CHECK(self.thread(::getpid()).read("comm") == self.read("comm"));
    CHECK(self.try_thread(1'000'000'00).has_value() == false);
}

TEST_CASE("proc_dir of a task that has gone") {
    ChildProcess child = ChildProcess::spawn(sleep_on);
    ProcDir dir(child.pid());
    pid_t pid = child.pid();
    CHECK(dir.exists());
    child = ChildProcess();
    CHECK_FALSE(dir.exists());
    CHECK(dir.try_read("stat") == std::nullopt);
    CHECK(code_of(dir) == crtool::Errc::gone);
    CHECK(ProcDir::try_open(pid) == std::nullopt);
}

TEST_CASE("proc_dir of a zombie still reads") {
    ChildProcess child = ChildProcess::spawn([] { return 0; });
    ProcDir dir(child.pid());
    while (dir.read("stat").find(") Z ") == std::string::npos)
        std::this_thread::yield();
    CHECK(dir.exists());
    CHECK(dir.threads() == std::vector<pid_t>{child.pid()});
}
