// The one exception type of host code, and the trail that says where it happened.
//
// An Error says what failed (message, errno, kind); the ErrorContext objects that stand on the
// stack of the throwing thread say where ("task 41: eventfd 7"), so that no layer writes it twice.
// It is reported once: in main, or on the board of a restore.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <utility>

namespace crtool {

enum class Errc {
    system,       // the kernel said no to something that should work
    gone,         // a task or object vanished meanwhile
    unsupported,  // cannot be carried; the message names the object and the way out
    busy,         // the same, but for a moment only
    bad_image,    // the image is damaged, incomplete or not for this machine
    usage,        // the command line asks for something impossible
    cancelled,    // the user asked to stop (SIGINT, SIGTERM, --timeout)
    internal,     // a broken assumption of crtool itself
};

class Error : public std::exception {
  public:
    // Takes the current context trail of this thread. `err` is an errno value or 0.
    Error(Errc code, int err, std::string message);

    Errc code() const { return code_; }

    // errno value, 0 when no system call is involved.
    int err() const { return err_; }

    const char* what() const noexcept override { return text_.c_str(); }

  private:
    Errc code_;
    int err_;
    std::string text_;
};

template <typename... Args>
[[noreturn]] void fail(Errc code, fmt::format_string<Args...> format, Args&&... args) {
    throw Error(code, 0, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
[[noreturn]] void fail_errno(int err, fmt::format_string<Args...> format, Args&&... args) {
    throw Error(Errc::system, err, fmt::format(format, std::forward<Args>(args)...));
}

// Adds "where" to every Error thrown while it lives. The text is made only when an Error is.
class ErrorContext {
  public:
    // `what` must outlive the context; `id` is printed after it.
    explicit ErrorContext(const char* what) : ErrorContext(what, -1) {}

    ErrorContext(const char* what, long id);
    ~ErrorContext();
    ErrorContext(const ErrorContext&) = delete;
    ErrorContext& operator=(const ErrorContext&) = delete;

    // "task 41: eventfd 7: ", outermost first; empty without contexts.
    static std::string trail();

  private:
    const char* what_;
    long id_;
    ErrorContext* outer_;
};

// "Permission denied (EACCES)".
std::string errno_text(int err);

}  // namespace crtool
