// The library of the zdtm tests: a test says when it is ready to be checkpointed, checks what it
// finds afterwards, and leaves one line in the file DIR/result. It holds no descriptor, uses no
// signal and keeps nothing in the environment, so that it never hides what a test looks at.
#pragma once

#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace zdtm {

// First line of main: argv[1] is the scratch directory of this run.
void init(int argc, char** argv);
const char* dir();

// Absolute path of a file in the scratch directory.
std::string path(std::string_view name);

// Announces readiness and returns once the runner has created DIR/go. Called once, by the root
// only. In between the tree may be dumped and restored any number of times.
void checkpoint_here();

// Both end the calling process at once. The first result of a run stays; a pass that comes after
// some process's failure ends with status 1.
[[noreturn]] void pass();
[[noreturn]] void skip(const char* why);
[[noreturn]] void fail(const char* file, int line, const std::string& text);
[[noreturn]] void fail_errno(const char* file, int line, const char* text);

// One shared anonymous page for a root and its children.
struct Shared {
    std::atomic<int> ready;
    std::atomic<int> go;
    std::atomic<int64_t> slot[500];

    // Fresh and zeroed; make it before forking.
    static Shared* make();
};

// Sleeps between looks; an EINTR is a failure of the test. Too long a wait is one, too.
void sleep_ms(int64_t ms);
double now(clockid_t clock = CLOCK_MONOTONIC);

template <typename Predicate>
bool becomes_true(Predicate&& predicate, double seconds) {
    const double deadline = now() + seconds;
    while (!predicate()) {
        if (now() > deadline) {
            return false;
        }
        sleep_ms(1);
    }
    return true;
}

template <typename Predicate>
void wait_until(Predicate&& predicate, double seconds = 600) {
    if (!becomes_true(predicate, seconds)) {
        fail("zdtm.h", __LINE__, "wait_until: the condition never came true");
    }
}

// The child runs the body and ends with status 0; a failed check ends it with status 1.
template <typename Body>
pid_t fork_child(Body&& body) {
    const pid_t pid = fork();
    if (pid == -1) {
        fail_errno("zdtm.h", __LINE__, "fork");
    }
    if (pid == 0) {
        body();
        _exit(0);
    }
    return pid;
}

// Waits for a child and checks that it ended by itself with this exit code.
void expect_exit(pid_t pid, int code = 0);

std::string read_file(const std::string& path);

// The value of a "Key:\tvalue" line, without blanks around it; empty when there is no such line.
std::string field(const std::string& text, std::string_view key);

// The state letter of a thread ('S', 'R', ...) and the number of the system call that it sleeps
// in (-1 when it is none or cannot be told).
char thread_state(pid_t tid);
long thread_syscall(pid_t tid);

// Returns once the thread sleeps in this system call.
void wait_in_syscall(pid_t tid, long number);

template <typename T>
std::string show(const T& value) {
    if constexpr (std::is_enum_v<T>) {
        return std::to_string(static_cast<long long>(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
        return std::to_string(value);
    } else if constexpr (std::is_convertible_v<T, std::string_view> && !std::is_same_v<T, char*>) {
        return "\"" + std::string(std::string_view(value)) + "\"";
    } else if constexpr (std::is_pointer_v<T>) {
        return std::to_string(reinterpret_cast<uintptr_t>(value));
    } else {
        return "?";
    }
}

template <typename T>
constexpr bool kPlainInteger = std::is_integral_v<T> && !std::is_same_v<T, bool> &&
                               !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t>;

template <typename A, typename B>
void check_eq(const A& a, const B& b, const char* text, const char* file, int line) {
    bool equal = false;
    if constexpr (kPlainInteger<A> && kPlainInteger<B>) {
        equal = std::cmp_equal(a, b);
    } else {
        equal = a == b;
    }
    if (!equal) {
        fail(file, line, std::string(text) + ": " + show(a) + " against " + show(b));
    }
}

template <typename T>
T check_sys(T result, const char* text, const char* file, int line) {
    if (result == (T)-1) {
        fail_errno(file, line, text);
    }
    return result;
}

}  // namespace zdtm

#define CHECK(expression)                                        \
    do {                                                         \
        if (!(expression)) {                                     \
            ::zdtm::fail_errno(__FILE__, __LINE__, #expression); \
        }                                                        \
    } while (false)

#define CHECK_EQ(a, b) ::zdtm::check_eq((a), (b), #a " is not " #b, __FILE__, __LINE__)

// For calls that return -1 (or MAP_FAILED) on failure; has the value of the call.
#define CHECK_SYS(call) ::zdtm::check_sys((call), #call, __FILE__, __LINE__)
