// The non-template part of the library of the zdtm tests: scratch directory, the meeting with the
// runner through the files ready and go, results, and small readers of /proc.
#include "zdtm.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace zdtm {
namespace {

char directory[PATH_MAX];
pid_t root_pid;

void write_all(int fd, const std::string& text) {
    size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = write(fd, text.data() + done, text.size() - done);
        if (n <= 0) {
            return;
        }
        done += static_cast<size_t>(n);
    }
}

// link() fails when the name exists: that is what makes the first writer win. A file that is
// linked is complete.
bool publish(const std::string& text) {
    const std::string final_name = path("result");
    const std::string own = final_name + "." + std::to_string(syscall(SYS_gettid));
    const int fd = open(own.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd == -1) {
        return false;
    }
    write_all(fd, text);
    close(fd);
    const bool first = link(own.c_str(), final_name.c_str()) == 0;
    unlink(own.c_str());
    return first;
}

[[noreturn]] void fail_with(const std::string& line) {
    write_all(STDERR_FILENO, line);
    publish(line);
    _exit(1);
}

}  // namespace

void init(int argc, char** argv) {
    root_pid = getpid();
    if (argc < 2 || realpath(argv[1], directory) == nullptr) {
        fprintf(stderr, "usage: %s DIR\n", argv[0]);
        _exit(2);
    }
}

const char* dir() {
    return directory;
}

std::string path(std::string_view name) {
    return std::string(directory) + "/" + std::string(name);
}

void checkpoint_here() {
    CHECK_EQ(getpid(), root_pid);
    const std::string temporary = path("ready.new");
    const std::string go = path("go");
    const int fd = CHECK_SYS(open(temporary.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    write_all(fd, std::to_string(root_pid) + "\n");
    CHECK_SYS(close(fd));
    CHECK_SYS(rename(temporary.c_str(), path("ready").c_str()));
    while (access(go.c_str(), F_OK) != 0) {
        sleep_ms(2);
    }
}

void pass() {
    if (!publish("PASS\n")) {
        const std::string line = "a result was already there, or none could be written\n";
        write_all(STDERR_FILENO, line);
        _exit(1);
    }
    _exit(0);
}

void skip(const char* why) {
    publish("SKIP " + std::string(why) + "\n");
    _exit(0);
}

void fail(const char* file, int line, const std::string& text) {
    const char* slash = strrchr(file, '/');
    fail_with("FAIL " + std::string(slash != nullptr ? slash + 1 : file) + ":" +
              std::to_string(line) + ": " + text + "\n");
}

void fail_errno(const char* file, int line, const char* text) {
    const int error = errno;
    fail(file, line,
         std::string(text) + " (errno " + std::to_string(error) + ": " + strerror(error) + ")");
}

Shared* Shared::make() {
    return static_cast<Shared*>(CHECK_SYS(
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)));
}

void sleep_ms(int64_t ms) {
    const timespec pause = {ms / 1000, ms % 1000 * 1'000'000};
    CHECK_SYS(nanosleep(&pause, nullptr));
}

double now(clockid_t clock) {
    timespec time = {};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void expect_exit(pid_t pid, int code) {
    int status = 0;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code) {
        fail("zdtm.cc", __LINE__,
             "child " + std::to_string(pid) + " ended with wait status " + std::to_string(status));
    }
}

std::string read_file(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd == -1) {
        fail_errno("zdtm.cc", __LINE__, path.c_str());
    }
    std::string text;
    char buffer[16384];
    ssize_t n = 0;
    while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
        text.append(buffer, static_cast<size_t>(n));
    }
    if (n == -1) {
        fail_errno("zdtm.cc", __LINE__, path.c_str());
    }
    close(fd);
    return text;
}

std::string field(const std::string& text, std::string_view key) {
    const std::string wanted = std::string(key) + ":";
    size_t at = 0;
    while (at < text.size()) {
        const size_t end = std::min(text.find('\n', at), text.size());
        if (text.compare(at, wanted.size(), wanted) == 0) {
            const std::string value = text.substr(at + wanted.size(), end - at - wanted.size());
            const size_t first = value.find_first_not_of(" \t");
            if (first == std::string::npos) {
                return "";
            }
            return value.substr(first, value.find_last_not_of(" \t") - first + 1);
        }
        at = end + 1;
    }
    return "";
}

char thread_state(pid_t tid) {
    const std::string state = field(read_file("/proc/" + std::to_string(tid) + "/status"), "State");
    return state.empty() ? '?' : state[0];
}

long thread_syscall(pid_t tid) {
    const std::string text = read_file("/proc/" + std::to_string(tid) + "/syscall");
    char* end = nullptr;
    const long number = strtol(text.c_str(), &end, 10);
    return end == text.c_str() ? -1 : number;
}

void wait_in_syscall(pid_t tid, long number) {
    wait_until([&] { return thread_state(tid) == 'S' && thread_syscall(tid) == number; });
}

}  // namespace zdtm
