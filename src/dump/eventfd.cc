// eventfd(2): see proto/eventfd.proto.
#include "dump/eventfd.h"

namespace crtool::dump {

bool matches_eventfd(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "eventfd";
}

void dump_eventfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    auto count = probe.info.find("eventfd-count");
    auto semaphore = probe.info.find("eventfd-semaphore");
    if (!count || (!semaphore && !visit.processes.contains(probe.task))) {
        visit.refuse(probe, "an eventfd whose mode this kernel does not tell",
                     "a kernel of 6.5 or later does");
        return;
    }
    image::Eventfd& eventfd = *file.mutable_eventfd();
    eventfd.set_counter(sys::fdinfo_number(*count, 16));
    eventfd.set_semaphore(semaphore && *semaphore != "0");
    if (!semaphore)
        visit.eventfds.add(probe, file.id(), eventfd.counter());
    // write(2) cannot add so much; only the kernel itself can (eventfd_signal).
    if (eventfd.counter() == UINT64_MAX)
        visit.refuse(probe, "an eventfd whose counter has overflowed",
                     "let the program read it before the dump");
}

}  // namespace crtool::dump
