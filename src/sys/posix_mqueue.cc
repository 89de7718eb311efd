// See posix_mqueue.h.
#include "sys/posix_mqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "base/error.h"
#include "sys/file_calls.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

constexpr long kMqueueMagic = 0x19800202;  // ipc/mqueue.c
constexpr off_t kStatusRoom = 80;          // the size that stat(2) tells of every queue

// A queue of the caller's own, without a name, that is registered with the cookie.
UniqueFd make_registered(int socket, std::string_view cookie) {
    std::string name;
    std::optional<UniqueFd> queue;
    for (int turn = 0; !queue; turn++) {
        name = fmt::format("crtool-{}-{}", ::getpid(), turn);
        queue = try_make_mqueue(name, {1, 1});
    }
    remove_mqueue(name);
    std::string bytes(cookie);
    bytes.resize(kCookieBytes);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_signo = socket;
    event.sigev_value.sival_ptr = bytes.data();
    // Not mq_notify(3), which makes a thread.
    if (::syscall(SYS_mq_notify, queue->get(), &event) != 0)
        fail_errno(errno, "cannot register a netlink socket at a message queue");
    return std::move(*queue);
}

}  // namespace

bool is_mqueue(int fd, const struct stat& st) {
    // Its size rules nearly everything else out without a call.
    return S_ISREG(st.st_mode) && st.st_size == kStatusRoom && filesystem_of(fd) == kMqueueMagic;
}

std::optional<UniqueFd> try_open_mqueue(const std::string& name, int flags) {
    UniqueFd fd(::mq_open(("/" + name).c_str(), flags));
    if (!fd.valid() && errno == ENOENT)
        return std::nullopt;
    if (!fd.valid())
        fail_errno(errno, "cannot open message queue /{}", name);
    return fd;
}

MqueueState mqueue_state(int fd) {
    mq_attr attributes{};
    if (::mq_getattr(fd, &attributes) != 0)
        fail_errno(errno, "cannot ask a message queue for its attributes");
    MqueueState state;
    state.room.max_messages = static_cast<uint64_t>(attributes.mq_maxmsg);
    state.room.message_size = static_cast<uint64_t>(attributes.mq_msgsize);
    state.messages = static_cast<uint64_t>(attributes.mq_curmsgs);
    return state;
}

MqueueNotify parse_mqueue_status(std::string_view text) {
    TextScanner scanner(text, "the status of a message queue");
    auto field = [&](std::string_view name) {
        scanner.expect(name);
        int value = scanner.signed_int();
        scanner.skip_blanks();
        return value;
    };
    scanner.expect("QSIZE:");
    scanner.dec();
    scanner.skip_blanks();
    MqueueNotify notify;
    notify.how = field("NOTIFY:");
    notify.signal = field("SIGNO:");
    notify.pid = field("NOTIFY_PID:");
    return notify;
}

MqueueNotify mqueue_notify(int fd) {
    std::array<char, kStatusRoom> text{};
    ssize_t size = ::pread(fd, text.data(), text.size(), 0);
    if (size < 0)
        fail_errno(errno, "cannot read the status of a message queue");
    return parse_mqueue_status({text.data(), static_cast<size_t>(size)});
}

std::optional<UniqueFd> try_make_mqueue(const std::string& name, const MqueueRoom& room) {
    mq_attr attributes{};
    attributes.mq_maxmsg = static_cast<long>(room.max_messages);
    attributes.mq_msgsize = static_cast<long>(room.message_size);
    UniqueFd fd(::mq_open(("/" + name).c_str(), O_RDWR | O_CREAT | O_EXCL, 0, &attributes));
    if (fd.valid())
        return fd;
    switch (errno) {
        case EEXIST:
            return std::nullopt;
        case EINVAL:
            fail_errno(EINVAL,
                       "{} messages of {} bytes are more than /proc/sys/fs/mqueue/msg_max and "
                       "msgsize_max allow",
                       room.max_messages, room.message_size);
        case EMFILE:
            fail_errno(EMFILE,
                       "room for {} messages of {} bytes is more than RLIMIT_MSGQUEUE leaves the "
                       "user (ulimit -q)",
                       room.max_messages, room.message_size);
        case ENOSPC:
            fail_errno(ENOSPC, "there are as many as /proc/sys/fs/mqueue/queues_max allows");
        default:
            fail_errno(errno, "cannot make message queue /{}", name);
    }
}

uint32_t cookie_memory() {
    UniqueFd socket = make_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    UniqueFd queue = make_registered(socket.get(), "");
    return held_memory(socket.get());
}

void send_cookie(int socket, std::string_view cookie) {
    send_message(make_registered(socket, cookie).get(), "", 0);
}

void remove_mqueue(const std::string& name) {
    if (::mq_unlink(("/" + name).c_str()) != 0)
        fail_errno(errno, "cannot remove message queue /{}", name);
}

void send_message(int fd, std::string_view text, unsigned priority) {
    timespec at_once{};
    if (::mq_timedsend(fd, text.data(), text.size(), priority, &at_once) != 0)
        fail_errno(errno, "cannot send a message of {} bytes", text.size());
}

void set_times(int fd, const timespec& access, const timespec& change) {
    timespec times[2] = {access, change};
    if (::futimens(fd, times) != 0)
        fail_errno(errno, "cannot set the times of a file");
}

}  // namespace crtool::sys
