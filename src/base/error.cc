// See error.h. The context trail is a linked list through the stack frames of one thread.
#include "base/error.h"

#include <cstring>

namespace crtool {
namespace {

thread_local ErrorContext* innermost = nullptr;

}  // namespace

ErrorContext::ErrorContext(const char* what, long id) : what_(what), id_(id), outer_(innermost) {
    innermost = this;
}

ErrorContext::~ErrorContext() {
    innermost = outer_;
}

std::string ErrorContext::trail() {
    std::string text;
    for (const ErrorContext* at = innermost; at != nullptr; at = at->outer_) {
        std::string one = at->id_ < 0 ? fmt::format("{}: ", at->what_)
                                      : fmt::format("{} {}: ", at->what_, at->id_);
        text.insert(0, one);
    }
    return text;
}

std::string errno_text(int err) {
    const char* name = strerrorname_np(err);
    return fmt::format("{} ({})", strerrordesc_np(err) != nullptr ? strerrordesc_np(err) : "error",
                       name != nullptr ? name : std::to_string(err));
}

Error::Error(Errc code, int err, std::string message)
    : code_(code), err_(err), text_(ErrorContext::trail() + std::move(message)) {
    if (err != 0)
        text_ += ": " + errno_text(err);
}

}  // namespace crtool
