// Urgent data of TCP connections (tcp(7)): a byte that the other end has sent with MSG_OOB, and its
// mark, which stays in the stream when the byte has been read out of it. A receiver knows of the
// last one only. Works on descriptors; knows nothing of images.
#pragma once

#include <cstdint>

namespace crtool::net {

struct Urgent {
    enum class State : uint8_t {
        none,
        awaited,  // announced, but the stream is not there yet; the kernel does not tell the mark
        unread,
        read,  // by MSG_OOB
    };

    State state = State::none;
    uint32_t at = 0;  // so many unread bytes are before it, when it is unread or read

    bool has_mark() const { return state == State::unread || state == State::read; }
};

// Has SO_OOBINLINE on as long as it lives, so that FIONREAD counts all that is unread, and a look
// at it by SO_PEEK_OFF (of TCP: kernel ≥ 6.9) gets beyond the mark.
class InLine {
  public:
    explicit InLine(int fd);
    ~InLine();
    InLine(const InLine&) = delete;
    InLine& operator=(const InLine&) = delete;

    Urgent read_urgent() const;

  private:
    int fd_;
    int before_;
};

}  // namespace crtool::net
