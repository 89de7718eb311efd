// See posix_mqueue.h.
#include "sys/posix_mqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/error.h"
#include "sys/file_calls.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

constexpr long kMqueueMagic = 0x19800202;  // ipc/mqueue.c
constexpr off_t kStatusRoom = 80;          // the size that stat(2) tells of every queue

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
