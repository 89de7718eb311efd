// See protobuf_log.h.
#include "image/protobuf_log.h"

#include <google/protobuf/stubs/logging.h>

#include <utility>

namespace crtool::image {
namespace {

thread_local ProtobufComplaints* innermost = nullptr;

void handle(google::protobuf::LogLevel, const char*, int, const std::string& message) {
    if (innermost != nullptr)
        innermost->take(message);
}

}  // namespace

ProtobufComplaints::ProtobufComplaints() : outer_(std::exchange(innermost, this)) {
    [[maybe_unused]] static auto* before = google::protobuf::SetLogHandler(&handle);
}

ProtobufComplaints::~ProtobufComplaints() {
    innermost = outer_;
}

void ProtobufComplaints::take(const std::string& message) {
    if (first_.empty())
        first_ = message;
}

}  // namespace crtool::image
