// See posix_mqueue.h.
#include "dump/posix_mqueue.h"

#include "dump/regular_file.h"
#include "sys/posix_mqueue.h"

namespace crtool::dump {
namespace {

constexpr uint32_t kLargeFile = 0100000;  // O_LARGEFILE, which mq_open(2) does not add

}  // namespace

bool matches_posix_mqueue(const FdProbe& probe) {
    return !probe.is_path() && sys::is_mqueue(probe.fd, probe.st);
}

void dump_posix_mqueue(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    image::PosixMqueueFile& record = *file.mutable_posix_mqueue();
    record.set_queue(visit.mqueues.add(probe, file.id()));
    if ((probe.info.flags & kLargeFile) != 0 && names_this(probe.link, probe))
        record.set_path(probe.link);
}

}  // namespace crtool::dump
