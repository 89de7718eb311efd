// See service.h.
#include "restore/service.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/fault.h"
#include "restore/contents.h"
#include "restore/kind.h"
#include "restore/registry.h"
#include "restore/terminal_make.h"
#include "sys/file_make.h"
#include "sys/pidfd.h"
#include "sys/proc_dir.h"

namespace crtool::restore {
namespace {

constexpr long kMostFds = 1L << 30;  // more than the kernel lets anybody have

// No saved number, and none of what the coordinator itself has open: what it inherited from its
// caller must not reach the tree.
ServiceRange free_numbers(const image::Image& image) {
    std::vector<int> own = sys::ProcDir(::getpid()).fds();
    std::vector<uint32_t> used(own.begin(), own.end());
    for (const image::Task& task : image.tasks)
        for (const image::Fd& entry : task.fds())
            used.push_back(entry.fd());
    // A watch is made under its number, which need not be open any more.
    for (const image::OpenFile& file : image.files)
        for (const image::EpollWatch& watch : file.epoll().watches())
            used.push_back(watch.fd());
    long limit = ::sysconf(_SC_OPEN_MAX);
    return service_range(std::move(used), static_cast<uint32_t>(std::clamp(limit, 64L, kMostFds)));
}

// Contents that are some task's executable.
std::unordered_set<uint32_t> executable_contents(const image::Image& image) {
    std::unordered_set<uint32_t> executables;
    for (const image::Task& task : image.tasks)
        executables.insert(task.exe());
    std::unordered_set<uint32_t> contents;
    for (const image::OpenFile& file : image.files)
        if (file.regular().content() != 0 && executables.contains(file.id()))
            contents.insert(file.regular().content());
    return contents;
}

// Contents that areas map as they are; files are opened once more for that.
std::unordered_set<uint32_t> mapped_contents(const image::Image& image) {
    std::unordered_set<uint32_t> contents;
    for (const image::Task& task : image.tasks)
        for (const image::Area& area : task.mm().areas())
            if (area.kind() == image::Area::SHMEM)
                contents.insert(area.file());
    return contents;
}

// Opens a file for mapping with the access that it was opened with, or for execution.
sys::UniqueFd open_mapped(const image::OpenFile& file,
                          const std::unordered_map<uint32_t, int>& contents, bool exe) {
    int access =
        exe || (file.flags() & O_PATH) != 0 ? O_RDONLY : static_cast<int>(file.flags() & O_ACCMODE);
    uint32_t content = file.has_memfd() ? file.memfd().content() : file.regular().content();
    bool unnamed = file.has_memfd() || file.regular().deleted();
    if (!unnamed)
        return sys::open_at(AT_FDCWD, file.regular().path(), access);
    std::string name = fmt::format("/proc/self/fd/{}", contents.at(content));
    return sys::open_at(AT_FDCWD, name, access);
}

}  // namespace

Service::Service(const image::Image& image, Files& files, int pages_fd, const InetSockets& inet,
                 const TunDevices& tuns, const Inherited& inherited, const PosixMqueues& mqueues) {
    numbers_.range = free_numbers(image);
    make_control();
    publish_coordinator();
    numbers_.pages = publish(sys::duplicate(pages_fd));
    publish_contents(image, files, pages_fd);
    publish_made(image);
    for (const auto& [file, fd] : mqueues.files())
        for_files_.made[file] = fd.get();
    mqueues.send_cookies(image, for_files_.made);
    publish_mapped(image);
    publish_terminals(image);
    publish_inherited(inherited);
    for_files_.made.merge(tuns.numbers());
    names_ = std::make_unique<UnixNames>(
        image, files, [this](sys::UniqueFd fd) { return publish(std::move(fd)); });
    for_files_.unix = names_->take_service();
    for_files_.inet = inet.numbers();
    hand_to_files(files);
}

int Service::publish(sys::UniqueFd fd) {
    return fds_
        .emplace_back(sys::duplicate_at_least(fd.get(), static_cast<int>(numbers_.range.first)))
        .get();
}

int Service::hold(sys::UniqueFd fd) {
    return held_.emplace_back(std::move(fd)).get();
}

void Service::publish_coordinator() {
    for_files_.coordinator_pid = ::getpid();
    for_files_.coordinator = publish(sys::PidFd(::getpid()).release());
}

// Only the coordinator has the write end: its number is below the range, and the first process
// closes those before it does anything else.
void Service::make_control() {
    fault::point("make the control pipe");
    sys::PipeEnds pipe = sys::make_pipe();
    control_write_ = std::move(pipe.write);
    numbers_.control = publish(std::move(pipe.read));
}

void Service::publish_contents(const image::Image& image, Files& files, int pages_fd) {
    std::unordered_set<uint32_t> executables = executable_contents(image);
    std::unordered_set<uint32_t> mapped = mapped_contents(image);
    for (auto& [id, fd] : make_contents(image, files, pages_fd)) {
        // Nobody can be given an executable that is open for writing (PR_SET_MM_MAP: EACCES).
        if (executables.contains(id))
            fd = sys::open_at(AT_FDCWD, fmt::format("/proc/self/fd/{}", fd.get()), O_RDONLY);
        if (mapped.contains(id))
            numbers_.contents[id] = publish(sys::duplicate(fd.get()));
        for_files_.contents[id] = hold(std::move(fd));
    }
    for (auto& [id, fd] : make_deleted_directories(image))
        for_files_.directories[id] = hold(std::move(fd));
    for (auto& [id, fd] : make_deleted_fifos(image))
        for_files_.fifos[id] = hold(std::move(fd));
    for (auto& [id, fd] : make_files_of_dead_tasks(image))
        for_files_.made[id] = hold(std::move(fd));
}

void Service::publish_made(const image::Image& image) {
    for (const image::OpenFile& file : image.files) {
        const RestoreKind& kind = restore_kind(file);
        if (kind.make_here == nullptr)
            continue;
        ErrorContext context(kind.name, file.id());
        fault::point("make an open file");
        if (sys::UniqueFd fd = kind.make_here(file, for_files_); fd.valid())
            for_files_.made[file.id()] = hold(std::move(fd));
    }
}

void Service::finish_made(const image::Image& image) const {
    for (const image::OpenFile& file : image.files) {
        const RestoreKind& kind = restore_kind(file);
        auto made = for_files_.made.find(file.id());
        if (kind.finish_here == nullptr || made == for_files_.made.end())
            continue;
        ErrorContext context(kind.name, file.id());
        fault::point("complete an open file");
        kind.finish_here(file, made->second);
    }
}

void Service::publish_mapped(const image::Image& image) {
    std::unordered_map<uint32_t, const image::OpenFile*> by_id;
    for (const image::OpenFile& file : image.files)
        by_id[file.id()] = &file;
    auto add = [&](uint32_t id, bool exe) {
        if (numbers_.mapped.contains(id))
            return;
        const image::OpenFile& file = *by_id.at(id);
        ErrorContext context("mapped file", id);
        fault::point("open a mapped file");
        // A ring, which there is no second way to.
        numbers_.mapped[id] =
            publish(file.has_packet_socket() ? sys::duplicate(for_files_.made.at(id))
                                             : open_mapped(file, for_files_.contents, exe));
    };
    for (const image::Task& task : image.tasks) {
        for (const image::Area& area : task.mm().areas())
            if (area.kind() == image::Area::FILE)
                add(area.file(), false);
        if (task.exe() != 0)
            add(task.exe(), true);
    }
}

void Service::publish_terminals(const image::Image& image) {
    MadeTerminals made = make_terminals(image);
    for (auto& [id, fd] : made.files)
        for_files_.terminals[id] = publish(std::move(fd));
    for (auto& [id, fd] : made.slaves)
        numbers_.terminals[id] = publish(std::move(fd));
}

void Service::publish_inherited(const Inherited& inherited) {
    for (const auto& [file, fd] : inherited.files())
        for_files_.made[file] = fd;
    for (const auto& [tty, fd] : inherited.terminals())
        numbers_.terminals[tty] = publish(sys::duplicate(fd));
}

void Service::hand_to_files(Files& files) {
    if (files.needs_terminal()) {
        for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            if (::isatty(fd) == 1 && for_files_.terminal < 0)
                for_files_.terminal = publish(sys::duplicate(fd));
    }
    int highest = static_cast<int>(numbers_.range.first);
    for (const sys::UniqueFd& fd : fds_)
        highest = std::max(highest, fd.get());
    for_files_.stash = highest + 1;
    for_files_.stash_end = for_files_.stash + files.stash_needed();
    files.set_service(for_files_);
}

}  // namespace crtool::restore
