// THE list of kinds of open files.
//
// Every kind has one stem: proto/<kind>.proto, src/dump/<kind>.cc, src/restore/<kind>.cc. The
// registries of dump and restore are tables indexed by Kind whose completeness the compiler checks,
// so a kind that is added here does not build until both sides have it. The order is that of the
// oneof in proto/open_file.proto, which the static_asserts below hold it to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "proto/open_file.pb.h"

namespace crtool::image {

enum class Kind : uint8_t {
    regular,
    pipe,
    eventfd,
    timerfd,
    signalfd,
    epoll,
    memfd,
    terminal,
    inotify,
    fanotify,
    pidfd,
    unix_socket,
    inet_socket,
    external,
    netlink_socket,
    tun,
    packet_socket,
    posix_mqueue,
    namespace_file,
    count,
};

inline constexpr size_t kKinds = static_cast<size_t>(Kind::count);

inline constexpr std::array<std::string_view, kKinds> kKindNames = {
    "regular", "pipe",          "eventfd",      "timerfd",        "signalfd",
    "epoll",   "memfd",         "terminal",     "inotify",        "fanotify",
    "pidfd",   "unix_socket",   "inet_socket",  "external",       "netlink_socket",
    "tun",     "packet_socket", "posix_mqueue", "namespace_file",
};

constexpr std::string_view name_of(Kind kind) {
    return kKindNames[static_cast<size_t>(kind)];
}

// The kind that stands in a case of OpenFile.object; Kind::count for none.
constexpr Kind kind_of_case(OpenFile::ObjectCase object) {
    constexpr int kFirst = OpenFile::kRegular;
    int at = static_cast<int>(object) - kFirst;
    return at < 0 || at >= static_cast<int>(kKinds) ? Kind::count : static_cast<Kind>(at);
}

static_assert(kind_of_case(OpenFile::kRegular) == Kind::regular);
static_assert(kind_of_case(OpenFile::kPipe) == Kind::pipe);
static_assert(kind_of_case(OpenFile::kEventfd) == Kind::eventfd);
static_assert(kind_of_case(OpenFile::kTimerfd) == Kind::timerfd);
static_assert(kind_of_case(OpenFile::kSignalfd) == Kind::signalfd);
static_assert(kind_of_case(OpenFile::kEpoll) == Kind::epoll);
static_assert(kind_of_case(OpenFile::kMemfd) == Kind::memfd);
static_assert(kind_of_case(OpenFile::kTerminal) == Kind::terminal);
static_assert(kind_of_case(OpenFile::kInotify) == Kind::inotify);
static_assert(kind_of_case(OpenFile::kFanotify) == Kind::fanotify);
static_assert(kind_of_case(OpenFile::kPidfd) == Kind::pidfd);
static_assert(kind_of_case(OpenFile::kUnixSocket) == Kind::unix_socket);
static_assert(kind_of_case(OpenFile::kInetSocket) == Kind::inet_socket);
static_assert(kind_of_case(OpenFile::kExternal) == Kind::external);
static_assert(kind_of_case(OpenFile::kNetlinkSocket) == Kind::netlink_socket);
static_assert(kind_of_case(OpenFile::kTun) == Kind::tun);
static_assert(kind_of_case(OpenFile::kPacketSocket) == Kind::packet_socket);
static_assert(kind_of_case(OpenFile::kPosixMqueue) == Kind::posix_mqueue);
static_assert(kind_of_case(OpenFile::kNamespaceFile) == Kind::namespace_file);

// The kind of an open file. Throws bad_image for a kind that this crtool does not know; after
// validate() it cannot.
inline Kind kind_of(const OpenFile& file) {
    Kind kind = kind_of_case(file.object_case());
    if (kind == Kind::count)
        fail(Errc::bad_image, "open file {} is of a kind that this crtool does not know",
             file.id());
    return kind;
}

}  // namespace crtool::image
