// signalfd(2): see proto/signalfd.proto.
#include "dump/signalfd.h"

namespace crtool::dump {

bool matches_signalfd(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "signalfd";
}

void dump_signalfd(const FileVisit&, const FdProbe& probe, image::OpenFile& file) {
    auto mask = probe.info.find("sigmask");
    if (!mask)
        fail(Errc::internal, "no sigmask in the fdinfo of a signalfd");
    file.mutable_signalfd()->set_mask(sys::fdinfo_number(*mask, 16));
}

}  // namespace crtool::dump
