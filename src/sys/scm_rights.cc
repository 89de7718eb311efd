// See scm_rights.h.
#include "sys/scm_rights.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace crtool::sys {
namespace {

constexpr size_t kControlSize = CMSG_SPACE(kMaxFdsPerMessage * sizeof(int));

// A message with one byte of data and room for descriptors.
struct Message {
    explicit Message(size_t control_size) {
        header.msg_iov = &data;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = control_size;
    }

    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;

    char byte = 0;
    iovec data{&byte, 1};
    msghdr header{};
    alignas(cmsghdr) char control[kControlSize] = {};
};

void send_chunk(int socket, std::span<const int> fds) {
    Message message(CMSG_SPACE(fds.size_bytes()));
    cmsghdr* control = CMSG_FIRSTHDR(&message.header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(fds.size_bytes());
    memcpy(CMSG_DATA(control), fds.data(), fds.size_bytes());
    while (::sendmsg(socket, &message.header, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            fail_errno(errno, "cannot send {} descriptors", fds.size());
}

void take_control(const cmsghdr* control, std::vector<UniqueFd>& fds) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
        return;
    size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
        int fd = -1;
        memcpy(&fd, CMSG_DATA(control) + i * sizeof(int), sizeof(fd));
        fds.emplace_back(fd);
    }
}

void receive_chunk(int socket, std::vector<UniqueFd>& fds) {
    Message message(kControlSize);
    ssize_t got = 0;
    while ((got = ::recvmsg(socket, &message.header, MSG_CMSG_CLOEXEC)) < 0)
        if (errno != EINTR)
            fail_errno(errno, "cannot receive descriptors");
    size_t before = fds.size();
    for (cmsghdr* control = CMSG_FIRSTHDR(&message.header); control != nullptr;
         control = CMSG_NXTHDR(&message.header, control))
        take_control(control, fds);
    if (got == 0)
        fail(Errc::gone, "the sender of descriptors has hung up");
    // MSG_CTRUNC: RLIMIT_NOFILE is reached and the kernel has dropped the rest.
    if ((message.header.msg_flags & MSG_CTRUNC) != 0)
        fail_errno(EMFILE, "cannot receive descriptors");
    if (fds.size() == before)
        fail(Errc::internal, "a message carries no descriptors");
}

}  // namespace

void send_fds(int socket, std::span<const int> fds) {
    while (!fds.empty()) {
        size_t count = std::min(fds.size(), kMaxFdsPerMessage);
        send_chunk(socket, fds.first(count));
        fds = fds.subspan(count);
    }
}

std::vector<UniqueFd> receive_fds(int socket, size_t count) {
    std::vector<UniqueFd> fds;
    fds.reserve(count);
    while (fds.size() < count)
        receive_chunk(socket, fds);
    if (fds.size() > count)
        fail(Errc::internal, "{} descriptors came instead of {}", fds.size(), count);
    return fds;
}

UnixPair unix_pair(int type) {
    int fds[2] = {-1, -1};
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0)
        fail_errno(errno, "cannot make a socket pair");
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace crtool::sys
