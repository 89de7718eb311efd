// See service.h.
#include "restore/service.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/fault.h"
#include "restore/contents.h"
#include "sys/file_make.h"
#include "sys/pidfd.h"
#include "sys/proc_dir.h"

namespace crtool::restore {
namespace {

// Above every saved number, and above everything that the coordinator itself has open: what it
// inherited from its caller must not reach the tree.
int service_base(const image::Image& image) {
    uint32_t highest = 63;
    for (const image::Task& task : image.tasks)
        if (!task.fds().empty())
            highest = std::max(highest, task.fds().rbegin()->fd());
    std::vector<int> own = sys::ProcDir(::getpid()).fds();
    return std::max(static_cast<int>(highest), own.empty() ? 0 : own.back()) + 1;
}

// Opens a file for mapping with the access that it was opened with, or for execution.
sys::UniqueFd open_mapped(const image::OpenFile& file, const ServiceNumbers& numbers, bool exe) {
    int access =
        exe || (file.flags() & O_PATH) != 0 ? O_RDONLY : static_cast<int>(file.flags() & O_ACCMODE);
    uint32_t content = file.has_memfd() ? file.memfd().content() : file.regular().content();
    bool unnamed = file.has_memfd() || file.regular().deleted();
    if (!unnamed)
        return sys::open_at(AT_FDCWD, file.regular().path(), access);
    std::string name = fmt::format("/proc/self/fd/{}", numbers.contents.at(content));
    return sys::open_at(AT_FDCWD, name, access);
}

}  // namespace

Service::Service(const image::Image& image, Files& files, int pages_fd,
                 const InetSockets& inet) {
    numbers_.base = service_base(image);
    make_control();
    numbers_.pages = publish(sys::duplicate(pages_fd));
    publish_contents(image, files, pages_fd);
    publish_mapped(image);
    publish_inet(inet);
    hand_to_files(files);
}

int Service::publish(sys::UniqueFd fd) {
    return fds_.emplace_back(sys::duplicate_at_least(fd.get(), numbers_.base)).get();
}

// Only the coordinator has the write end: its number is below the base, and the first process
// closes those before it does anything else.
void Service::make_control() {
    fault::point("make the control pipe");
    sys::PipeEnds pipe = sys::make_pipe();
    control_write_ = std::move(pipe.write);
    numbers_.control = publish(std::move(pipe.read));
}

void Service::publish_contents(const image::Image& image, Files& files, int pages_fd) {
    for (auto& [id, fd] : make_contents(image, files, pages_fd)) {
        int number = publish(std::move(fd));
        numbers_.contents[id] = number;
        for_files_.contents[id] = number;
    }
    for (auto& [id, fd] : make_deleted_directories(image))
        for_files_.directories[id] = publish(std::move(fd));
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
        numbers_.mapped[id] = publish(open_mapped(file, numbers_, exe));
    };
    for (const image::Task& task : image.tasks) {
        for (const image::Area& area : task.mm().areas())
            if (area.kind() == image::Area::FILE)
                add(area.file(), false);
        if (task.exe() != 0)
            add(task.exe(), true);
    }
}

// Sockets themselves are not inherited: there may be very many.
void Service::publish_inet(const InetSockets& inet) {
    if (inet.numbers().empty())
        return;
    for_files_.inet = inet.numbers();
    for_files_.coordinator = publish(sys::PidFd(::getpid()).release());
}

void Service::hand_to_files(Files& files) {
    if (files.needs_terminal()) {
        for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            if (::isatty(fd) == 1 && for_files_.terminal < 0)
                for_files_.terminal = publish(sys::duplicate(fd));
    }
    int highest = numbers_.base;
    for (const sys::UniqueFd& fd : fds_)
        highest = std::max(highest, fd.get());
    for_files_.stash = highest + 1;
    for_files_.stash_end = for_files_.stash + files.stash_needed();
    files.set_service(for_files_);
}

}  // namespace crtool::restore
