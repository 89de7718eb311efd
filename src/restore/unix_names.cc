// See unix_names.h.
#include "restore/unix_names.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/scope_exit.h"
#include "net/socket_options.h"
#include "net/unix_diag.h"
#include "restore/unix_plan.h"
#include "sys/file_calls.h"
#include "sys/file_io.h"
#include "sys/file_make.h"
#include "sys/proc_dir.h"
#include "sys/proc_status.h"
#include "sys/unix_bind.h"

namespace crtool::restore {
namespace {

using As = sys::ElsewhereVisit::As;

bool is_abstract(const std::string& name) {
    return name.front() == '\0';
}

// Bound in a directory of its own, by every step that the name takes.
sys::UniqueFd make_way(const std::string& name, int start) {
    sys::UniqueFd at = sys::duplicate(start);
    for (size_t from = 0, slash = name.find('/'); slash != std::string::npos;
         from = slash + 1, slash = name.find('/', from)) {
        std::string step = name.substr(from, slash - from);
        if (step.empty() || step == ".")
            continue;
        sys::make_directory_at(at.get(), step);
        at = sys::open_at(at.get(), step, O_RDONLY | O_DIRECTORY);
    }
    return at;
}

// Binds by a way of its own below `start`; gives the directory that it ends in.
sys::UniqueFd bind_below(sys::UniqueFd start, int fd, const std::string& name) {
    // No name leads out of there.
    sys::ElsewhereVisit inside(start.get(), As::root);
    // A relative name may lead upwards.
    if (name.front() != '/')
        start = make_way("a/b/c/d/e/f/g/h/", start.get());
    sys::ElsewhereVisit visit(start.get(), As::working_directory);
    sys::UniqueFd dir = make_way(name, start.get());
    sys::bind_unix(fd, name);
    return dir;
}

std::string last_step(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

UnixNames::UnixNames(const image::Image& image, const Files& files, Publish publish)
    : files_(files), publish_(std::move(publish)) {
    if (files.sockets().units.empty())
        return;
    read_own();
    try {
        for (const image::OpenFile& file : image.files) {
            if (is_made_by_coordinator(files.sockets(), file))
                make_socket(file);
        }
        for (const UnixListener& listener : files.sockets().listeners)
            make_listener(listener);
        for (const image::OpenFile& file : image.files)
            make_senders(file.unix_socket());
    } catch (...) {
        put_back();
        throw;
    }
}

void UnixNames::read_own() {
    sys::TaskStatus own = sys::parse_status(sys::ProcDir(::getpid()).read("status"));
    service_.gid = ::getegid();
    service_.groups.assign(own.groups.begin(), own.groups.end());
    net::BufferSizes sizes = net::default_buffer_sizes();
    service_.sndbuf = sizes.sndbuf;
    service_.rcvbuf = sizes.rcvbuf;
}

void UnixNames::make_socket(const image::OpenFile& file) {
    ErrorContext context("unix socket", file.id());
    fault::point("bind a unix socket");
    const image::UnixSocket& socket = file.unix_socket();
    const std::string& name = socket.name().name();
    sys::UniqueFd fd = sys::unix_socket(static_cast<int>(socket.type()));
    if (is_abstract(name)) {
        sys::bind_unix(fd.get(), name);
    } else if (socket.name().deleted()) {
        service_.places[file.id()] = bind_unseen(fd.get(), name);
    } else {
        bind_on_disk(fd.get(), socket.name());
        if (socket.type() == SOCK_DGRAM || socket.pending_size() > 0)
            service_.places[file.id()] = place_of(files_.under_root(socket.name().path()));
    }
    int number = sockets_.emplace_back(std::move(fd)).get();
    service_.sockets[file.id()] = number;
    if (socket.type() == SOCK_DGRAM)
        datagram_sockets_[name] = {number, socket.options().sndbuf()};
}

void UnixNames::make_listener(const UnixListener& listener) {
    if (listener.file != 0) {
        service_.listeners.push_back(publish_(sys::duplicate(service_.sockets.at(listener.file))));
        service_.listener_places.emplace_back();
        return;
    }
    sys::UniqueFd fd = sys::unix_socket(static_cast<int>(listener.type));
    UnixPlace place;
    if (is_abstract(listener.name))
        sys::bind_unix(fd.get(), listener.name);
    else
        place = bind_unseen(fd.get(), listener.name);
    service_.listeners.push_back(publish_(std::move(fd)));
    service_.listener_places.push_back(std::move(place));
}

void UnixNames::make_senders(const image::UnixSocket& socket) {
    for (const image::UnixMessage& message : socket.queue()) {
        if (message.sender().empty() || service_.senders.contains(message.sender()) ||
            socket.type() != SOCK_DGRAM)
            continue;
        auto own = datagram_sockets_.find(message.sender());
        if (own != datagram_sockets_.end()) {
            UnixSender sender{publish_(sys::duplicate(own->second.fd)), own->second.sndbuf};
            service_.senders[message.sender()] = sender;
            continue;
        }
        sys::UniqueFd fd = sys::unix_socket(SOCK_DGRAM);
        if (is_abstract(message.sender()))
            sys::bind_unix(fd.get(), message.sender());
        else
            bind_unseen(fd.get(), message.sender());
        service_.senders[message.sender()] = {publish_(std::move(fd)), service_.sndbuf};
    }
}

void UnixNames::bind_on_disk(int fd, const image::UnixName& name) {
    Bound& bound = bound_.emplace_back();
    bound.path = files_.under_root(name.path());
    put_aside(bound);
    if (name.base().empty())
        bind_and_move(fd, name, bound);
    else
        bind_by_name(fd, name, bound);
    sys::set_owner_of(bound.path, name.uid(), name.gid());
    sys::set_mode_of(bound.path, name.mode());
}

void UnixNames::bind_by_name(int fd, const image::UnixName& name, Bound& bound) {
    sys::UniqueFd base =
        sys::open_at(AT_FDCWD, files_.under_root(name.base()), O_RDONLY | O_DIRECTORY);
    {
        sys::ElsewhereVisit visit(base.get(),
                                  name.name().front() == '/' ? As::root : As::working_directory);
        sys::bind_unix(fd, name.name());
        bound.is_made = true;
    }
    if (!sys::try_stat_at(AT_FDCWD, bound.path, AT_SYMLINK_NOFOLLOW))
        fail(Errc::system, "its name '{}' led elsewhere than to {}", name.name(), bound.path);
}

// In the file system of the place, or it could not be moved there.
void UnixNames::bind_and_move(int fd, const image::UnixName& name, Bound& bound) {
    std::string beside = name_beside(bound.path) + ".d";
    sys::make_directory_at(AT_FDCWD, beside);
    ScopeExit remove([&] {
        std::error_code ignored;
        std::filesystem::remove_all(beside, ignored);
    });
    sys::UniqueFd dir =
        bind_below(sys::open_at(AT_FDCWD, beside, O_RDONLY | O_DIRECTORY), fd, name.name());
    sys::rename_at(dir.get(), last_step(name.name()), AT_FDCWD, bound.path);
    bound.is_made = true;
}

std::string UnixNames::name_beside(const std::string& path) const {
    std::string dir = path.substr(0, path.rfind('/') + 1);
    return fmt::format("{}.crtool-{}-{}", dir, ::getpid(), bound_.size());
}

void UnixNames::put_aside(Bound& bound) {
    auto there = sys::try_stat_at(AT_FDCWD, bound.path, AT_SYMLINK_NOFOLLOW);
    if (!there)
        return;
    if (!S_ISSOCK(there->st_mode))
        fail(Errc::system, "its name {} is taken by something that is no socket", bound.path);
    if (is_in_use(bound.path))
        fail(Errc::system, "its name {} is taken by a socket that is in use", bound.path);
    std::string aside = name_beside(bound.path);
    sys::rename_at(AT_FDCWD, bound.path, AT_FDCWD, aside);
    bound.aside = aside;
}

bool UnixNames::is_in_use(const std::string& path) {
    if (!sockets_read_) {
        // The kernel's own numbering of devices, and no more than 32 bits of an inode's number.
        for (const net::UnixSocketInfo& info : net::read_unix_sockets())
            used_.emplace(makedev(info.file_dev >> 20, info.file_dev & 0xfffff), info.file_ino);
        sockets_read_ = true;
    }
    auto there = sys::try_stat_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
    return there && used_.contains({there->st_dev, static_cast<uint32_t>(there->st_ino)});
}

UnixPlace UnixNames::place_of(const std::string& path) {
    std::string dir = path.substr(0, path.rfind('/') + 1);
    auto [known, is_new] = directories_.try_emplace(dir, -1);
    if (is_new)
        known->second = publish_(sys::open_at(AT_FDCWD, dir, O_PATH));
    return {known->second, last_step(path)};
}

int UnixNames::unseen() {
    if (unseen_ < 0)
        unseen_ = publish_(sys::detached_tmpfs());
    return unseen_;
}

UnixPlace UnixNames::bind_unseen(int fd, const std::string& name) {
    std::string own = std::to_string(count_++);
    sys::make_directory_at(unseen(), own);
    sys::UniqueFd dir = bind_below(sys::open_at(unseen(), own, O_RDONLY | O_DIRECTORY), fd, name);
    std::string place = "s" + own;
    sys::rename_at(dir.get(), last_step(name), unseen(), place);
    sys::set_mode_of(fmt::format("/proc/self/fd/{}/{}", unseen(), place), 0777);
    return {unseen(), place};
}

void UnixNames::keep() {
    for (const Bound& bound : bound_) {
        if (!bound.aside.empty())
            sys::remove_file(bound.aside);
    }
    bound_.clear();
}

UnixNames::~UnixNames() {
    put_back();
}

void UnixNames::put_back() noexcept {
    for (const Bound& bound : bound_) {
        try {
            if (!bound.aside.empty())
                sys::rename_at(AT_FDCWD, bound.aside, AT_FDCWD, bound.path);
            else if (bound.is_made)
                sys::remove_file(bound.path);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
    bound_.clear();
}

}  // namespace crtool::restore
