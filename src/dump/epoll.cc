// epoll(7): see proto/epoll.proto. Which open files are watched is found when all of them are known
// (epoll_set.h).
#include "dump/epoll.h"

namespace crtool::dump {

bool matches_epoll(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "eventpoll";
}

void dump_epoll(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    file.mutable_epoll();
    visit.epolls.add_instance(probe, file);
}

}  // namespace crtool::dump
