// memfd_create(2): see proto/memfd.proto.
#include "dump/memfd.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/memfd.h>

#include <bit>

#include "sys/file_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {

namespace {

// MFD_HUGETLB with the size of a page, which hugetlbfs shows as that of its blocks.
uint32_t huge_flags(int fd, const struct stat& st) {
    if (sys::filesystem_of(fd) != HUGETLBFS_MAGIC)
        return 0;
    auto shift = static_cast<uint32_t>(std::countr_zero(static_cast<unsigned long>(st.st_blksize)));
    return MFD_HUGETLB | shift << MFD_HUGE_SHIFT;
}

}  // namespace

bool matches_memfd(const FdProbe& probe) {
    return S_ISREG(probe.st.st_mode) && memfd_name(probe.link).has_value();
}

void dump_memfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    sys::UniqueFd readable = probe.reopen(O_RDONLY);
    image::Memfd& memfd = *file.mutable_memfd();
    memfd.set_name(std::string(*memfd_name(probe.link)));
    uint32_t seals = static_cast<uint32_t>(sys::seals_of(readable.get()).value_or(F_SEAL_SEAL));
    // A memfd made without MFD_ALLOW_SEALING has that seal of itself, and no other.
    bool sealable = seals != F_SEAL_SEAL;
    memfd.set_seals(sealable ? seals : 0);
    memfd.set_create_flags((sealable ? MFD_ALLOW_SEALING : 0) |
                           huge_flags(readable.get(), probe.st));
    memfd.set_mode(probe.st.st_mode & 07777);
    memfd.set_uid(probe.st.st_uid);
    memfd.set_gid(probe.st.st_gid);
    memfd.set_content(visit.contents.id_of(probe.st, probe.task, probe.proc_name));
}

}  // namespace crtool::dump
