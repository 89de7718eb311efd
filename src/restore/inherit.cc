// See inherit.h.
#include "restore/inherit.h"

#include <fcntl.h>
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <string_view>
#include <unordered_set>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/file_calls.h"
#include "sys/file_make.h"
#include "sys/tty.h"

namespace crtool::restore {
namespace {

using image::OpenFile;

// Users of this field write paths without the first slash, too.
std::string_view relative(std::string_view path) {
    return path.starts_with('/') ? path.substr(1) : path;
}

using PipesById = std::unordered_map<uint32_t, const image::Pipe*>;

const std::string& path_of(const OpenFile& file, const PipesById& pipes) {
    static const std::string kNone;
    if (file.has_regular())
        return file.regular().path();
    if (file.has_terminal())
        return file.terminal().path();
    return file.has_pipe() ? pipes.at(file.pipe().pipe())->path() : kNone;
}

bool is_named(const OpenFile& file, const std::string& name, const PipesById& pipes) {
    if ((file.flags() & O_PATH) != 0)
        return false;
    if (file.external().key() == name || (!name.empty() && file.resource() == name))
        return true;
    const std::string& path = path_of(file, pipes);
    return !path.empty() && relative(path) == relative(name);
}

// Of descriptors and of messages; what is only mapped, or a working directory, has records of its
// own.
std::unordered_set<uint32_t> descriptors(const image::Image& image) {
    std::unordered_set<uint32_t> ids;
    for (const image::Task& task : image.tasks)
        for (const image::Fd& fd : task.fds())
            ids.insert(fd.file());
    for (const OpenFile& file : image.files)
        for (const image::UnixMessage& message : file.unix_socket().queue())
            ids.insert(message.files().begin(), message.files().end());
    return ids;
}

bool has_access(unsigned given, unsigned needed) {
    given &= O_ACCMODE;
    needed &= O_ACCMODE;
    return given == O_RDWR || given == needed;
}

const char* use_text(unsigned flags) {
    constexpr const char* kUses[] = {"reads", "writes", "reads and writes", "has"};
    return kUses[flags & O_ACCMODE];
}

std::string known_as(const OpenFile& file) {
    if (file.has_external())
        return file.external().key();
    if (file.has_regular())
        return file.regular().path();
    return file.resource().empty() ? fmt::format("open file {}", file.id()) : file.resource();
}

// The other end of a connection that both ends of are in the tree; 0: none.
uint32_t peer_of(const OpenFile& file) {
    return file.has_unix_socket() ? file.unix_socket().peer() : file.inet_socket().peer();
}

[[noreturn]] void refuse_half(const OpenFile& file) {
    fail(Errc::unsupported,
         "{} cannot be replaced alone: its other end is in the tree, and would be left without one "
         "(give both)",
         known_as(file));
}

}  // namespace

Inherited::Inherited(image::Image& image, const std::vector<InheritedFd>& given) {
    find_files(image, given);
    std::set<std::string> missing;
    for (const OpenFile& file : image.files)
        if (file.has_external() && !files_.contains(file.id()))
            missing.insert(file.external().key());
    if (!missing.empty())
        fail(Errc::usage, "{} was external at the dump: give it by --inherit-fd fd[N]:{}",
             fmt::join(missing, ", "), *missing.begin());
    if (files_.empty())
        return;
    check_rest(image);
    replace(image);
    find_terminals(image);
}

void Inherited::find_files(const image::Image& image, const std::vector<InheritedFd>& given) {
    if (given.empty())
        return;
    PipesById pipes;
    for (const image::Pipe& pipe : image.pipes)
        pipes[pipe.id()] = &pipe;
    std::unordered_set<uint32_t> candidates = descriptors(image);
    std::map<const OpenFile*, int> unfit;
    for (const InheritedFd& inherited : given) {
        fault::point("find what a given descriptor stands for");
        unsigned flags = sys::status_flags(inherited.fd);
        bool found = false;
        for (const OpenFile& file : image.files) {
            if (!candidates.contains(file.id()) || !is_named(file, inherited.name, pipes))
                continue;
            found = true;
            if (has_access(flags, file.flags()))
                files_.try_emplace(file.id(), inherited.fd);
            else
                unfit.emplace(&file, inherited.fd);
        }
        if (!found)
            fail(Errc::usage, "--inherit-fd fd[{}]:{}: the image has no such object", inherited.fd,
                 inherited.name);
    }
    for (const auto& [file, fd] : unfit)
        if (!files_.contains(file->id()))
            fail(
                Errc::usage,
                "descriptor {} cannot stand for {}: the tree {} that, and it was opened with other "
                "access",
                fd, known_as(*file), use_text(file->flags()));
}

namespace {

// What of the image is replaced, by its own id.
struct Replaced {
    std::unordered_map<uint32_t, const OpenFile*> ends;  // pipes without a name
    std::unordered_map<uint32_t, const OpenFile*> ttys;
};

Replaced replaced_in(const image::Image& image, const auto& files) {
    Replaced replaced;
    std::unordered_set<uint32_t> named;
    for (const image::Pipe& pipe : image.pipes)
        if (!pipe.path().empty())
            named.insert(pipe.id());
    for (const OpenFile& file : image.files) {
        if (!files.contains(file.id()))
            continue;
        if (file.has_pipe() && !named.contains(file.pipe().pipe()))
            replaced.ends[file.pipe().pipe()] = &file;
        if (file.has_terminal() && file.terminal().tty() != 0)
            replaced.ttys[file.terminal().tty()] = &file;
    }
    return replaced;
}

}  // namespace

// What stays in the image must not need what is replaced.
void Inherited::check_rest(const image::Image& image) const {
    auto [ends, ttys] = replaced_in(image, files_);
    for (const OpenFile& file : image.files) {
        if (files_.contains(file.id()))
            continue;
        if (file.has_pipe() && ends.contains(file.pipe().pipe()))
            refuse_half(*ends.at(file.pipe().pipe()));
        if (file.has_terminal() && !file.terminal().controlling() &&
            ttys.contains(file.terminal().tty()))
            refuse_half(*ttys.at(file.terminal().tty()));
        if (files_.contains(peer_of(file)))
            refuse_half(file);
        for (uint32_t client : file.unix_socket().pending())
            if (files_.contains(client))
                refuse_half(file);
    }
}

void Inherited::replace(image::Image& image) {
    std::unordered_set<uint32_t> ttys;
    std::unordered_set<uint32_t> pipes;
    for (OpenFile& file : image.files) {
        if (files_.contains(file.id()) && !file.has_external()) {
            uint32_t tty = file.terminal().tty();
            ttys.insert(tty);
            file.mutable_external()->set_key(known_as(file));
            file.mutable_external()->set_tty(tty);
        }
        if (file.has_pipe())
            pipes.insert(file.pipe().pipe());
    }
    for (image::Tty& tty : image.ttys)
        if (ttys.contains(tty.id()))
            tty.set_external(true);
    std::erase_if(image.pipes, [&](const image::Pipe& pipe) {
        bool is_gone = !pipes.contains(pipe.id());
        if (is_gone && !pipe.data().empty())
            log::warn("{} unread bytes of a pipe that was replaced are lost", pipe.data().size());
        return is_gone;
    });
}

void Inherited::find_terminals(const image::Image& image) {
    std::unordered_map<uint32_t, int> given;
    for (const OpenFile& file : image.files)
        if (file.has_external() && file.external().tty() != 0)
            given[file.external().tty()] = files_.at(file.id());
    for (const image::Task& task : image.tasks) {
        auto at = given.find(task.terminal());
        if (at == given.end())
            continue;
        if (!sys::is_terminal(at->second))
            fail(
                Errc::usage,
                "descriptor {} is not a terminal, but is to be the controlling terminal of task {}",
                at->second, task.pid());
        if (sys::tty_session(at->second) != 0)
            fail(Errc::usage,
                 "descriptor {} is the terminal of crtool's own session, and cannot become that of "
                 "task {}",
                 at->second, task.pid());
        terminals_[at->first] = at->second;
    }
}

void Inherited::set_flags(const image::Image& image) {
    for (const OpenFile& file : image.files) {
        auto given = files_.find(file.id());
        if (given == files_.end())
            continue;
        fault::point("set flags of a given descriptor");
        unsigned now = sys::status_flags(given->second);
        unsigned then = (now & ~static_cast<unsigned>(O_NONBLOCK)) |
                        (file.flags() & static_cast<unsigned>(O_NONBLOCK | O_APPEND));
        if (then == now)
            continue;
        before_.try_emplace(given->second, now);
        sys::set_status_flags(given->second, then);
    }
}

Inherited::~Inherited() {
    for (const auto& [fd, flags] : before_) {
        try {
            sys::set_status_flags(fd, flags);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
}

}  // namespace crtool::restore
