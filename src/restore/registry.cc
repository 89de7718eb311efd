// The table of kinds: a kind in image/kinds.h without a row here does not compile.
#include "restore/registry.h"

#include <array>

#include "restore/epoll.h"
#include "restore/eventfd.h"
#include "restore/external.h"
#include "restore/fanotify.h"
#include "restore/inet_socket.h"
#include "restore/inotify.h"
#include "restore/memfd.h"
#include "restore/namespace_file.h"
#include "restore/netlink_socket.h"
#include "restore/packet_socket.h"
#include "restore/pidfd.h"
#include "restore/pipe.h"
#include "restore/posix_mqueue.h"
#include "restore/regular_file.h"
#include "restore/signalfd.h"
#include "restore/terminal.h"
#include "restore/timerfd.h"
#include "restore/tun.h"
#include "restore/unix_socket.h"

namespace crtool::restore {
namespace {

constexpr std::array<RestoreKind, image::kKinds> kRegistry = {
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

const RestoreKind& restore_kind(const image::OpenFile& file) {
    return kRegistry[static_cast<size_t>(image::kind_of(file))];
}

}  // namespace crtool::restore
