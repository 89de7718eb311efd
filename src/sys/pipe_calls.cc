// See pipe_calls.h.
#include "sys/pipe_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <climits>

#include "base/error.h"

namespace crtool::sys {

PipeEnds make_scratch_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        fail_errno(errno, "cannot make a pipe");
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

uint32_t pipe_size(int fd) {
    int size = ::fcntl(fd, F_GETPIPE_SZ);
    if (size < 0)
        fail_errno(errno, "F_GETPIPE_SZ failed");
    return static_cast<uint32_t>(size);
}

void set_pipe_size(int fd, uint32_t bytes) {
    if (::fcntl(fd, F_SETPIPE_SZ, bytes) < 0)
        fail_errno(errno, "cannot make a pipe {} bytes large", bytes);
}

uint32_t pipe_bytes(int fd) {
    int bytes = 0;
    if (::ioctl(fd, FIONREAD, &bytes) != 0)
        fail_errno(errno, "FIONREAD failed");
    return static_cast<uint32_t>(bytes);
}

bool pipe_is_alone(int fd) {
    pollfd poll = {fd, 0, 0};
    if (::poll(&poll, 1, 0) < 0)
        fail_errno(errno, "poll failed");
    return (poll.revents & (POLLHUP | POLLERR)) != 0;
}

uint32_t pipe_copy(int from, int to) {
    ssize_t copied = ::tee(from, to, INT_MAX, SPLICE_F_NONBLOCK);
    if (copied < 0 && errno == EAGAIN)
        return 0;
    if (copied < 0)
        fail_errno(errno, "tee failed");
    return static_cast<uint32_t>(copied);
}

uint32_t pipe_take(int fd, std::span<char> buffer) {
    ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got >= 0)
        return static_cast<uint32_t>(got);
    if (errno == EAGAIN)
        return 0;
    fail_errno(errno, "cannot read from a pipe");
}

}  // namespace crtool::sys
