// What is in the queues of unix sockets: see proto/unix_socket.proto.
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <utility>

#include "base/fault.h"
#include "base/scope_exit.h"
#include "dump/unix_set.h"
#include "sys/apart.h"
#include "sys/pidfd.h"
#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

constexpr size_t kFirstRoom = 65536;

// Sets an option of a socket for as long as it lives.
class Borrowed {
  public:
    Borrowed(int fd, int name, int value) : fd_(fd), name_(name) {
        saved_ = sys::socket_option_int(fd, SOL_SOCKET, name);
        if (saved_ && *saved_ != value)
            sys::set_socket_option(fd, SOL_SOCKET, name, value);
        // Reading moves the place to read from.
        else if (name != SO_PEEK_OFF)
            saved_.reset();
    }

    ~Borrowed() {
        try {
            if (saved_)
                sys::set_socket_option(fd_, SOL_SOCKET, name_, *saved_);
        } catch (const Error&) {
            // Setting it back is what the kernel did a moment ago the other way round.
        }
    }

    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;

  private:
    int fd_;
    int name_;
    std::optional<int> saved_;
};

// Copies of descriptors of one task after the other; the pidfd is kept while the task is the same.
class TaskFds {
  public:
    sys::UniqueFd take(pid_t task, int number) {
        if (task != task_)
            pidfd_.emplace(task);
        task_ = task;
        return pidfd_->take_fd(number);
    }

  private:
    pid_t task_ = 0;
    std::optional<sys::PidFd> pidfd_;
};

// One reader of a queue, from its front to its end.
class QueueReader {
  public:
    QueueReader(int fd, const net::UnixSocketInfo& info)
        : fd_(fd),
          type_(info.type),
          bytes_(info.queue),
          is_shut_(info.type == SOCK_SEQPACKET && (info.shutdown & 1) != 0),
          creds_(fd, SO_PASSCRED, 1),
          pidfd_(fd, SO_PASSPIDFD, 0),
          security_(fd, SO_PASSSEC, 0),
          offset_(fd, SO_PEEK_OFF, 0) {}

    // Calls each(message) for all of them; descriptors are the callee's.
    template <typename Each>
    void read(Each&& each) {
        size_t at = 0;
        // Looking behind the end of a stream would take an error that waits for the program.
        while (type_ != SOCK_STREAM || at < bytes_) {
            auto message = peek(at);
            if (!message || is_end(*message))
                return;
            size_t length = message->data.size();
            if (message->cut_fds)
                fail(Errc::system,
                     "a message holds descriptors that crtool cannot take: raise its limit of "
                     "open files");
            if (type_ == SOCK_STREAM && !message->fds.empty())
                split(at, *message, each);
            else
                each(std::move(*message));
            at += length;
        }
    }

  private:
    // The end of what has been shut down looks like an empty message that nobody has sent.
    // Datagrams know no end.
    bool is_end(const sys::PeekedMessage& message) const {
        bool is_sent = message.creds && message.creds->pid != 0;
        return message.data.empty() && (type_ == SOCK_STREAM || (is_shut_ && !is_sent));
    }

    void seek(size_t at) {
        if (std::exchange(at_start_, false) && at == 0)
            return;
        sys::set_socket_option(fd_, SOL_SOCKET, SO_PEEK_OFF, static_cast<int>(at));
    }

    std::optional<sys::PeekedMessage> peek(size_t at) {
        for (;;) {
            seek(at);
            size_t room = type_ == SOCK_STREAM ? bytes_ - at : room_;
            auto message = sys::peek_message(fd_, room);
            if (type_ == SOCK_STREAM || !message || !message->truncated)
                return message;
            room_ *= 4;
        }
    }

    // One read of a stream goes on until after the first part with descriptors: where does that
    // part begin?
    template <typename Each>
    void split(size_t at, sys::PeekedMessage& message, Each&& each) {
        seek(at);
        size_t before = sys::peek_whole_parts(fd_, message.data.size() - 1);
        if (before > 0) {
            sys::PeekedMessage plain;
            plain.data = message.data.substr(0, before);
            plain.creds = message.creds;
            each(std::move(plain));
            message.data.erase(0, before);
        }
        each(std::move(message));
    }

    int fd_;
    int type_;
    size_t bytes_;  // of a stream
    bool is_shut_;
    bool at_start_ = true;
    size_t room_ = kFirstRoom;
    Borrowed creds_;
    Borrowed pidfd_;
    Borrowed security_;
    Borrowed offset_;
};

// The kernel has noted no credentials where it shows nobody (pid 0).
void record_message(sys::PeekedMessage& message, image::UnixMessage& record) {
    record.set_data(std::move(message.data));
    record.set_sender(std::move(message.sender));
    if (!message.creds || message.creds->pid == 0)
        return;
    record.mutable_creds()->set_pid(static_cast<uint32_t>(message.creds->pid));
    record.mutable_creds()->set_uid(message.creds->uid);
    record.mutable_creds()->set_gid(message.creds->gid);
}

}  // namespace

bool UnixSet::may_have_data(const Entry& entry) const {
    if (entry.info->state == TCP_LISTEN)
        return false;
    // recvmsg(2) would take the error first.
    if ((entry.events & POLLERR) != 0 && entry.info->type != SOCK_STREAM)
        return false;
    return entry.info->type == SOCK_STREAM ? entry.info->queue > 0 : (entry.events & POLLIN) != 0;
}

void UnixSet::read_queue(const Entry& entry, int fd, Queue& queue, Problems& problems) const {
    fault::point("read the queue of a socket");
    if (sys::has_urgent_data(fd))
        return add_problem(entry, "a socket with urgent data (MSG_OOB) in its queue",
                           "let the program read it before the dump", problems);
    QueueReader(fd, *entry.info).read([&](sys::PeekedMessage message) {
        message.data.shrink_to_fit();  // all of them are kept for a while
        queue.push_back(std::move(message));
    });
}

std::vector<UnixSet::Queue> UnixSet::look(size_t first, Problems& problems) const {
    std::vector<Queue> queues(entries_.size() - first);
    auto may_have = [this](const Entry& entry) { return may_have_data(entry); };
    if (std::none_of(entries_.begin() + static_cast<ptrdiff_t>(first), entries_.end(), may_have))
        return queues;
    TaskFds taker;
    sys::Apart::run([&](const sys::Apart& apart) {
        for (size_t i = 0; i < queues.size() && !apart.is_alone(); i++) {
            const Entry& entry = entries_[first + i];
            if (may_have_data(entry))
                read_queue(entry, taker.take(entry.task, entry.fd).get(), queues[i], problems);
        }
    });
    return queues;
}

void UnixSet::read_queues(const AddFile& add_file, const Record& record, Problems& problems) {
    // A descriptor from a queue may be a socket, which comes behind the others.
    for (size_t first = 0; first < entries_.size();) {
        std::vector<Queue> queues = look(first, problems);
        for (Queue& queue : queues) {
            uint32_t file = entries_[first++].file;
            for (sys::PeekedMessage& message : queue) {
                image::UnixMessage added;
                for (sys::UniqueFd& carried : message.fds)
                    added.add_files(add_file(std::move(carried)));
                record_message(message, added);
                *record(file).mutable_unix_socket()->add_queue() = std::move(added);
            }
        }
    }
}

}  // namespace crtool::dump
