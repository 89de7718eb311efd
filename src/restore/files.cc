// See files.h. The operations themselves are in files_script.cc.
#include "restore/files.h"

#include <algorithm>

#include "base/error.h"
#include "restore/fd_plan.h"
#include "restore/kind.h"

namespace crtool::restore {
namespace {

// An abstract name begins with NUL, which people write as "@".
std::string printable_name(std::string name) {
    if (name.starts_with('\0'))
        name.front() = '@';
    return name;
}

}  // namespace

Files::Files(const image::Image& image, const Options& options) : image_(image), options_(options) {
    index();
    if (needs_terminal_ && !options_.shell_job)
        fail(Errc::unsupported, "the image is of a shell job and has a terminal: give --shell-job");
    for (const image::OpenFile& file : image_.files)
        if (!file.unix_socket().outside().empty() && !options_.ext_unix_sk)
            fail(Errc::unsupported,
                 "the image has a unix socket that was connected to {}, outside of the tree: let "
                 "--ext-unix-sk connect it again",
                 printable_name(file.unix_socket().outside()));
    plan_ = std::make_unique<FdPlan>(plan_fds(image_));
}

Files::~Files() = default;

const image::Task* Files::holder(uint32_t file) const {
    for (const image::Task& task : image_.tasks) {
        for (const image::Fd& fd : task.fds())
            if (fd.file() == file)
                return &task;
    }
    return nullptr;
}

const UnixPlan& Files::sockets() const {
    return plan_->sockets;
}

void Files::index() {
    for (const image::OpenFile& file : image_.files) {
        by_id_[file.id()] = &file;
        needs_terminal_ |= file.has_terminal() && file.terminal().tty() == 0;
        if (file.has_memfd())
            described_.try_emplace(file.memfd().content(), &file);
        if (file.has_regular() && file.regular().content() != 0)
            described_.try_emplace(file.regular().content(), &file);
        // The one that made it is made again by making it.
        if (was_never_named(file))
            described_[file.regular().content()] = &file;
    }
    for (const image::Pipe& pipe : image_.pipes)
        pipes_[pipe.id()] = &pipe;
}

int Files::stash_needed() const {
    return plan_->stash_needed;
}

int Files::highest_number() const {
    int highest = -1;
    for (const image::Task& task : image_.tasks) {
        if (!task.fds().empty())
            highest = std::max(highest, static_cast<int>(task.fds().rbegin()->fd()));
    }
    for (const image::OpenFile& file : image_.files) {
        for (const image::EpollWatch& watch : file.epoll().watches())
            highest = std::max(highest, static_cast<int>(watch.fd()));
    }
    return highest;
}

uint64_t Files::arena_bytes() const {
    constexpr uint64_t kSmall = 128;  // a timer, an event, the link of a descriptor, alignment
    uint64_t bytes = 0;
    for (const image::OpenFile& file : image_.files)
        bytes += 2 * (options_.root.size() + file.regular().path().size()) + 3 * kSmall +
                 static_cast<uint64_t>(file.epoll().watches_size()) * kSmall;
    for (const image::Pipe& pipe : image_.pipes)
        bytes += pipe.data().size() + 4 * (options_.root.size() + pipe.path().size()) +
                 kSmall * static_cast<uint64_t>(1 + pipe.packets_size());
    // Working directory and root are opened once more by each task.
    for (const image::Task& task : image_.tasks) {
        for (uint32_t id : {task.cwd(), task.root()}) {
            auto file = by_id_.find(id);
            if (file != by_id_.end())
                bytes += options_.root.size() + file->second->regular().path().size() + kSmall;
        }
    }
    return bytes;
}

const image::OpenFile* Files::described_by(uint32_t content) const {
    auto at = described_.find(content);
    return at == described_.end() ? nullptr : at->second;
}

std::string Files::path_of(const image::RegularFile& file) const {
    return under_root(file.path());
}

std::string Files::path_of(const image::Pipe& fifo) const {
    return under_root(fifo.path());
}

std::string Files::under_root(const std::string& path) const {
    return options_.root.empty() || options_.root == "/" ? path : options_.root + path;
}

}  // namespace crtool::restore
