// Keeps what protobuf would print to stderr, so that it can become part of an Error.
#pragma once

#include <string>

namespace crtool::image {

// While it lives, complaints of protobuf in this thread are collected instead of printed. The first
// one in a process takes protobuf's log handler, for good: crtool has no other use for it.
class ProtobufComplaints {
  public:
    ProtobufComplaints();
    ~ProtobufComplaints();
    ProtobufComplaints(const ProtobufComplaints&) = delete;
    ProtobufComplaints& operator=(const ProtobufComplaints&) = delete;

    // The first complaint; empty when there was none.
    const std::string& first() const { return first_; }

    void take(const std::string& message);

  private:
    std::string first_;
    ProtobufComplaints* outer_;
};

}  // namespace crtool::image
