// memfd_create(2): see proto/memfd.proto.
#include "dump/memfd.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/memfd.h>

#include "sys/file_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {

bool matches_memfd(const FdProbe& probe) {
    return S_ISREG(probe.st.st_mode) && memfd_name(probe.link).has_value();
}

void dump_memfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    sys::UniqueFd readable = probe.reopen(O_RDONLY);
    if (sys::filesystem_of(readable.get()) != TMPFS_MAGIC) {
        visit.refuse(probe, "a memfd of huge pages (MFD_HUGETLB), which is not carried yet", "");
        return;
    }
    image::Memfd& memfd = *file.mutable_memfd();
    memfd.set_name(std::string(*memfd_name(probe.link)));
    uint32_t seals = static_cast<uint32_t>(sys::seals_of(readable.get()).value_or(F_SEAL_SEAL));
    // A memfd made without MFD_ALLOW_SEALING has that seal of itself, and no other.
    bool sealable = seals != F_SEAL_SEAL;
    memfd.set_seals(sealable ? seals : 0);
    memfd.set_create_flags(sealable ? MFD_ALLOW_SEALING : 0);
    memfd.set_mode(probe.st.st_mode & 07777);
    memfd.set_uid(probe.st.st_uid);
    memfd.set_gid(probe.st.st_gid);
    memfd.set_content(visit.contents.id_of(probe.st, probe.task, probe.proc_name));
}

}  // namespace crtool::dump
