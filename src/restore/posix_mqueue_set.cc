// See posix_mqueue_set.h.
#include "restore/posix_mqueue_set.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/file_calls.h"
#include "sys/file_make.h"
#include "sys/posix_mqueue.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kLargeFile = 0100000;  // O_LARGEFILE, which mq_open(2) does not add
constexpr uint32_t kNotForOpen = O_CREAT | O_EXCL | O_TRUNC | O_ASYNC | O_NOFOLLOW | kLargeFile;

sys::MqueueRoom room_of(const image::PosixMqueue& record) {
    return {record.max_messages(), record.message_size()};
}

timespec time_of(uint64_t nanoseconds) {
    constexpr uint64_t kSecond = 1'000'000'000;
    return {static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
}

void check_same(const image::PosixMqueue& record, int fd) {
    struct stat st = sys::stat_fd(fd);
    if (sys::mqueue_state(fd).room != room_of(record) || (st.st_mode & 07777) != record.mode() ||
        st.st_uid != record.uid() || st.st_gid != record.gid())
        fail(Errc::system,
             "/{} is there, and is another queue than the dumped one, by its room, mode or owner",
             record.name());
}

bool is_same_file(const std::string& path, int fd) {
    auto there = sys::try_stat_at(AT_FDCWD, path, 0);
    struct stat st = sys::stat_fd(fd);
    return there && there->st_dev == st.st_dev && there->st_ino == st.st_ino;
}

// Nobody else may use it until it is complete.
void fill(const image::PosixMqueue& record, int fd) {
    for (const image::PosixMqueue::Message& message : record.messages())
        sys::send_message(fd, message.text(), message.priority());
    sys::set_times(fd, time_of(record.atime_ns()), time_of(record.mtime_ns()));
    sys::set_owner(fd, record.uid(), record.gid());
    sys::set_mode(fd, record.mode());
}

// While the tree was not there; its first message is what would have notified.
bool has_got_message(const image::PosixMqueue& record, int fd) {
    return !record.shared() && record.messages().empty() && sys::mqueue_state(fd).messages != 0;
}

template <typename T>
T of_task(const std::unordered_map<uint32_t, T>& map, const image::Task& task) {
    auto found = map.find(task.pid());
    return found == map.end() ? T() : found->second;
}

// The open file that the notification goes to.
uint32_t socket_of(const image::Image& image, const image::PosixMqueue::Notify& notify) {
    uint32_t pid = notify.pid();
    auto task = std::ranges::find(image.tasks, pid, &image::Task::pid);
    if (task->shares_files() != 0)
        task = std::ranges::find(image.tasks, task->shares_files(), &image::Task::pid);
    return std::ranges::find(task->fds(), notify.socket(), &image::Fd::fd)->file();
}

// A name that a queue had may be another's now, or in this image.
std::string free_name(const image::PosixMqueue& record, int turn) {
    return fmt::format("{}.crtool-{}-{}", record.name().substr(0, 200), ::getpid(), turn);
}

}  // namespace

// Delegates, so that the destructor runs when something fails here.
PosixMqueues::PosixMqueues(const image::Image& image) : PosixMqueues() {
    std::unordered_map<uint32_t, OpenFiles> files;
    if (!image.mqueues.empty())
        for (const image::OpenFile& file : image.files)
            if (file.has_posix_mqueue())
                files[file.posix_mqueue().queue()].push_back(&file);
    for (const image::PosixMqueue& record : image.mqueues) {
        ErrorContext context("POSIX message queue", record.id());
        make_or_find(record, files[record.id()]);
    }
}

void PosixMqueues::make_or_find(const image::PosixMqueue& record, const OpenFiles& files) {
    fault::point("make a POSIX message queue");
    auto found = record.unlinked() ? std::nullopt : sys::try_open_mqueue(record.name(), O_RDWR);
    bool has_come = found && has_got_message(record, found->get());
    if (record.has_notify())
        (has_come ? notified_ : waiting_)[record.notify().pid()].push_back(&record);
    if (found) {
        check_same(record, found->get());
        return open(files, record.name(), found->get());
    }
    if (record.shared())
        fail(Errc::system,
             "/{} is gone; others had it open, too, and its messages were left to them",
             record.name());
    sys::UniqueFd queue = make(record);
    open(files, made_.back(), queue.get());
    if (record.unlinked()) {
        sys::remove_mqueue(made_.back());
        made_.pop_back();
    }
}

sys::UniqueFd PosixMqueues::make(const image::PosixMqueue& record) {
    std::string name = record.name();
    auto fd = sys::try_make_mqueue(name, room_of(record));
    for (int i = 0; !fd && record.unlinked(); i++) {
        name = free_name(record, i);
        fd = sys::try_make_mqueue(name, room_of(record));
    }
    if (!fd)
        fail(Errc::system, "/{} has just been made by somebody else", name);
    made_.push_back(name);
    fault::point("fill a POSIX message queue");
    fill(record, fd->get());
    return std::move(*fd);
}

void PosixMqueues::open(const OpenFiles& files, const std::string& name, int queue) {
    for (const image::OpenFile* file : files) {
        fault::point("open a POSIX message queue");
        int flags = static_cast<int>(file->flags() & ~kNotForOpen);
        const std::string& path = file->posix_mqueue().path();
        sys::UniqueFd& fd = files_[file->id()];
        if ((file->flags() & kLargeFile) == 0)
            fd = sys::try_open_mqueue(name, flags).value();
        else if (!path.empty() && is_same_file(path, queue))
            fd = sys::open_at(AT_FDCWD, path, flags);
        else
            fd = sys::open_at(AT_FDCWD, fmt::format("/proc/self/fd/{}", queue), flags);
    }
}

void PosixMqueues::send_cookies(const image::Image& image,
                                const std::unordered_map<uint32_t, int>& sockets) const {
    for (const auto& [pid, queues] : notified_)
        for (const image::PosixMqueue* queue : queues)
            if (queue->notify().how() == SIGEV_THREAD)
                sys::send_cookie(sockets.at(socket_of(image, queue->notify())),
                                 queue->notify().cookie());
}

void PosixMqueues::emit_notify(TaskBuild& build) const {
    parasite::ScriptBuilder& script = build.script;
    for (const image::PosixMqueue* queue : of_task(waiting_, build.task)) {
        sigevent event{};
        event.sigev_notify = static_cast<int>(queue->notify().how());
        event.sigev_signo = static_cast<int>(queue->notify().signal());
        event.sigev_value.sival_ptr = reinterpret_cast<void*>(queue->notify().value());
        if (queue->notify().how() == SIGEV_THREAD) {
            event.sigev_signo = static_cast<int>(queue->notify().socket());
            uint64_t cookie = script.arena().put_bytes(queue->notify().cookie());
            event.sigev_value.sival_ptr = reinterpret_cast<void*>(cookie);
        }
        script.about("POSIX message queue", queue->id());
        script.call("register for its notification", SYS_mq_notify,
                    {queue->notify().fd(), script.arena().put(event)});
    }
    for (const image::PosixMqueue* queue : of_task(notified_, build.task)) {
        if (queue->notify().signal() == 0)
            continue;
        siginfo_t info{};
        info.si_signo = static_cast<int>(queue->notify().signal());
        info.si_code = SI_MESGQ;
        info.si_value.sival_ptr = reinterpret_cast<void*>(queue->notify().value());
        script.about("POSIX message queue", queue->id());
        script.call("be told of its message", SYS_rt_sigqueueinfo,
                    {build.task.pid(), info.si_signo, script.arena().put(info)});
    }
}

PosixMqueues::~PosixMqueues() {
    for (const std::string& name : made_) {
        try {
            sys::remove_mqueue(name);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
}

}  // namespace crtool::restore
