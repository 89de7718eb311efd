// The table of kinds: a kind in image/kinds.h without a row here does not compile.
#include "dump/registry.h"

#include <array>

#include "dump/epoll.h"
#include "dump/eventfd.h"
#include "dump/external.h"
#include "dump/fanotify.h"
#include "dump/inet_socket.h"
#include "dump/inotify.h"
#include "dump/memfd.h"
#include "dump/namespace_file.h"
#include "dump/netlink_socket.h"
#include "dump/packet_socket.h"
#include "dump/pidfd.h"
#include "dump/pipe.h"
#include "dump/posix_mqueue.h"
#include "dump/regular_file.h"
#include "dump/signalfd.h"
#include "dump/terminal.h"
#include "dump/timerfd.h"
#include "dump/tun.h"
#include "dump/unix_socket.h"

namespace crtool::dump {
namespace {

constexpr std::array<DumpKind, image::kKinds> kRegistry = {
    kRegularFile,   kPipe,    kEventfd,      kTimerfd,     kSignalfd,      kEpoll,      kMemfd,
    kTerminal,      kInotify, kFanotify,     kPidfd,       kUnixSocket,    kInetSocket, kExternal,
    kNetlinkSocket, kTun,     kPacketSocket, kPosixMqueue, kNamespaceFile,
};

constexpr bool is_ordered() {
    for (size_t i = 0; i < kRegistry.size(); i++)
        if (kRegistry[i].kind != static_cast<image::Kind>(i))
            return false;
    return true;
}

static_assert(is_ordered(), "a kind stands in another order than in image/kinds.h");

}  // namespace

const DumpKind* find_kind(const FdProbe& probe) {
    // Whatever else it is.
    if (matches_external(probe))
        return &kExternal;
    for (const DumpKind& kind : kRegistry) {
        if (kind.matches(probe))
            return &kind;
    }
    return nullptr;
}

}  // namespace crtool::dump
