// Checks of validate() about POSIX message queues: what mq_open(2), mq_timedsend(2) and
// mq_notify(2) would not take.
#include <limits.h>
#include <signal.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "image/validate_internal.h"
#include "sys/posix_mqueue.h"

namespace crtool::image::checks {
namespace {

constexpr uint64_t kMaxMessages = 65536;            // HARD_MSGMAX
constexpr uint64_t kMaxMessageSize = 16 * 1048576;  // HARD_MSGSIZEMAX
constexpr uint32_t kMaxPriority = 32768;            // MQ_PRIO_MAX

void check_messages(const PosixMqueue& queue) {
    if (queue.max_messages() == 0 || queue.max_messages() > kMaxMessages ||
        queue.message_size() == 0 || queue.message_size() > kMaxMessageSize ||
        static_cast<uint64_t>(queue.messages_size()) > queue.max_messages())
        refuse("it has room for {} messages of {} bytes, and {} in it", queue.max_messages(),
               queue.message_size(), queue.messages_size());
    for (const PosixMqueue::Message& message : queue.messages()) {
        check_known(message);
        if (message.priority() >= kMaxPriority || message.text().size() > queue.message_size())
            refuse("a message of {} bytes has priority {}", message.text().size(),
                   message.priority());
    }
    if (queue.shared() && (queue.unlinked() || queue.messages_size() != 0))
        refuse("it is shared with others, and has messages or no name");
}

const OpenFile* file_of(const Index& index, const Task& task, uint32_t number) {
    const Task* table = task.shares_files() == 0 ? &task : index.task(task.shares_files());
    if (table == nullptr)
        return nullptr;
    auto fd = std::ranges::find(table->fds(), number, &Fd::fd);
    return fd == table->fds().end() ? nullptr : index.file(fd->file());
}

void check_notify(const Index& index, const PosixMqueue& queue) {
    const PosixMqueue::Notify& notify = queue.notify();
    check_known(notify);
    const Task* task = index.task(notify.pid());
    if (task == nullptr || task->state() == Task::ZOMBIE)
        refuse("it notifies the task {}, which is not in the image", notify.pid());
    const OpenFile* file = file_of(index, *task, notify.fd());
    if (file == nullptr || file->posix_mqueue().queue() != queue.id())
        refuse("descriptor {} of task {} is not of it", notify.fd(), notify.pid());
    bool by_thread = notify.how() == SIGEV_THREAD;
    if (notify.how() != SIGEV_SIGNAL && notify.how() != SIGEV_NONE && !by_thread)
        refuse("it notifies by {}", notify.how());
    if (notify.cookie().size() != (by_thread ? sys::kCookieBytes : 0))
        refuse("its cookie has {} bytes", notify.cookie().size());
    const OpenFile* socket = by_thread ? file_of(index, *task, notify.socket()) : nullptr;
    if (by_thread && (socket == nullptr || !socket->has_netlink_socket()))
        refuse("descriptor {} of task {} is no netlink socket", notify.socket(), notify.pid());
    check_signal_or_none(notify.signal(), "the signal of its notification");
}

}  // namespace

void check_mqueue_file(const Index& index, const OpenFile& file) {
    const PosixMqueueFile& record = file.posix_mqueue();
    check_known(record);
    if (index.mqueue(record.queue()) == nullptr)
        refuse("its message queue {} is not in the image", record.queue());
    if (!record.path().empty())
        check_path(record.path(), "its path");
}

void check_mqueues(const Index& index) {
    std::unordered_set<std::string_view> names;
    for (const PosixMqueue& queue : index.image().mqueues) {
        ErrorContext context("POSIX message queue", queue.id());
        check_known(queue);
        check_text(queue.name(), NAME_MAX, "its name");
        if (queue.name().empty() || queue.name().find('/') != std::string::npos)
            refuse("its name is \"{}\"", queue.name());
        if (!queue.unlinked() && !names.insert(queue.name()).second)
            refuse("another one has its name");
        if (queue.mode() > 07777)
            refuse("its mode is {:#o}", queue.mode());
        check_id(queue.uid(), "its owner");
        check_id(queue.gid(), "its group");
        check_offset(queue.atime_ns(), "its time of access");
        check_offset(queue.mtime_ns(), "its time of change");
        check_messages(queue);
        if (queue.has_notify())
            check_notify(index, queue);
    }
}

}  // namespace crtool::image::checks
