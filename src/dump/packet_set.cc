// See packet_set.h.
#include "dump/packet_set.h"

#include "base/error.h"
#include "sys/file_calls.h"

namespace crtool::dump {

const net::PacketInfo& PacketSet::info(uint64_t ino) {
    if (!infos_) {
        infos_.emplace();
        for (net::PacketInfo& info : net::packet_sockets())
            infos_->emplace(info.ino, std::move(info));
    }
    auto at = infos_->find(ino);
    if (at == infos_->end())
        fail(Errc::system, "the kernel does not list packet socket {} (sock_diag)", ino);
    return at->second;
}

uint32_t PacketSet::keep(sys::UniqueFd copy, ContentStore& contents) {
    int fd = copies_.emplace_back(std::move(copy)).get();
    return contents.id_of(sys::stat_fd(fd), own_, fmt::format("fd/{}", fd));
}

}  // namespace crtool::dump
