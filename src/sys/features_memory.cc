// Probes of memory: what finds, moves, maps and protects pages.
#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "arch/x86_64/kernel_probes.h"
#include "base/error.h"
#include "sys/feature_probe.h"
#include "sys/mapping.h"
#include "sys/pagemap.h"
#include "sys/proc_dir.h"
#include "sys/proc_maps.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

constexpr size_t kPage = 4096;

Mapping anonymous(size_t size) {
    return Mapping(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

UniqueFd own_file(const char* name) {
    return open_at(AT_FDCWD, std::string("/proc/self/") + name, O_RDONLY);
}

// All features of the kernel's userfaultfd; throws when there is none for us.
uint64_t uffd_features() {
    long fd = ::syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        fail_errno(errno, "userfaultfd failed");
    UniqueFd owned(static_cast<int>(fd));
    uffdio_api api{};
    api.api = UFFD_API;
    if (::ioctl(owned.get(), UFFDIO_API, &api) != 0)
        fail_errno(errno, "UFFDIO_API failed");
    return api.features;
}

template <uint64_t Wanted>
ProbeResult probe_uffd() {
    uint64_t features = uffd_features();
    if ((features & Wanted) == Wanted)
        return {true, ""};
    return {false, fmt::format("the kernel offers {:#x}, wanted is {:#x}", features, Wanted)};
}

constexpr uint64_t kNonCooperative = UFFD_FEATURE_EVENT_FORK | UFFD_FEATURE_EVENT_REMAP |
                                     UFFD_FEATURE_EVENT_REMOVE | UFFD_FEATURE_EVENT_UNMAP;

ProbeResult probe_pagemap_scan() {
    Mapping page = anonymous(kPage);
    *page.data() = std::byte{1};
    uapi::PageRegion region{};
    uapi::PagemapScan scan{};
    scan.size = sizeof(scan);
    scan.start = page.address();
    scan.end = page.address() + kPage;
    scan.vec = reinterpret_cast<uint64_t>(&region);
    scan.vec_len = 1;
    scan.category_mask = PAGE_IS_PRESENT;
    scan.return_mask = PAGE_IS_PRESENT;
    return probed(::ioctl(own_file("pagemap").get(), PAGEMAP_SCAN, &scan) == 1);
}

ProbeResult probe_procmap_query() {
    uapi::ProcmapQuery query{};
    query.size = sizeof(query);
    query.query_flags = PROCMAP_QUERY_COVERING_OR_NEXT_VMA;
    return probed(::ioctl(own_file("maps").get(), PROCMAP_QUERY, &query) == 0);
}

// Kernels without CONFIG_MEM_SOFT_DIRTY never show "sd" on a new mapping (others always do).
ProbeResult probe_soft_dirty() {
    std::vector<Area> areas = parse_maps(read_all(own_file("smaps").get()));
    bool shown = std::any_of(areas.begin(), areas.end(),
                             [](const Area& area) { return area.flags.has(VmFlag::sd); });
    return {shown, shown ? "" : "CONFIG_MEM_SOFT_DIRTY is off"};
}

ProbeResult probe_dirty_track() {
    ProbeResult tracked = probe_uffd<UFFD_FEATURE_WP_ASYNC>();
    if (tracked.works)
        return {true, "by userfaultfd"};
    ProbeResult soft_dirty = probe_soft_dirty();
    return soft_dirty.works ? ProbeResult{true, "by soft-dirty"} : tracked;
}

ProbeResult probe_frames() {
    bool visible = zero_page_frame().has_value();
    return {visible, visible ? "" : "needs CAP_SYS_ADMIN"};
}

ProbeResult probe_map_files() {
    UniqueFd file = memfd("crtool-probe");
    Mapping shared(nullptr, kPage, PROT_READ, MAP_SHARED, file.get(), 0);
    std::string name =
        fmt::format("map_files/{:x}-{:x}", shared.address(), shared.address() + kPage);
    ProcDir(::getpid()).open(name, O_RDONLY);
    return {true, ""};
}

ProbeResult probe_memfd_exec() {
    long fd = ::syscall(SYS_memfd_create, "crtool-probe", MFD_CLOEXEC | MFD_EXEC);
    if (fd < 0)
        return probed(false);
    UniqueFd owned(static_cast<int>(fd));
    return {true, ""};
}

// With no length: asks whether the call exists and seals nothing.
ProbeResult probe_mseal() {
    Mapping page = anonymous(kPage);
    return probed(::syscall(SYS_mseal, page.data(), 0, 0) == 0);
}

template <int Advice>
ProbeResult probe_advice() {
    Mapping page = anonymous(kPage);
    return probed(::madvise(page.data(), kPage, Advice) == 0);
}

// Collapsing needs an aligned huge page with something in it.
ProbeResult probe_collapse() {
    constexpr size_t kHuge = 2U << 20;
    Mapping memory = anonymous(2 * kHuge);
    uint64_t aligned = (memory.address() + kHuge - 1) / kHuge * kHuge;
    std::byte* start = memory.data() + (aligned - memory.address());
    *start = std::byte{1};
    return probed(::madvise(start, kHuge, MADV_COLLAPSE) == 0);
}

ProbeResult probe_map_vdso() {
    // EEXIST: this process has its vdso already, so the kernel knows the request.
    long got = ::syscall(SYS_arch_prctl, arch::kMapVdso, 0);
    return probed(got > 0 || (got < 0 && errno == EEXIST));
}

ProbeResult probe_area_names() {
    Mapping page = anonymous(kPage);
    return probed(::prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, page.data(), kPage, "crtool") == 0);
}

ProbeResult probe_keys() {
    int key = ::pkey_alloc(0, 0);
    if (key < 0)
        return probed(false);
    ::pkey_free(key);
    return {true, ""};
}

ProbeResult probe_mdwe() {
    return probed(::prctl(PR_GET_MDWE, 0, 0, 0, 0) >= 0);
}

constexpr FeatureProbe kProbes[] = {
    {"map_files", "files behind mappings", FeatureNeed::required, probe_map_files},
    {"can_map_vdso", "the vdso at its old address", FeatureNeed::required, probe_map_vdso},
    {"pagemap_scan", "finding pages fast", FeatureNeed::speed, probe_pagemap_scan},
    {"procmap_query", "asking for single areas", FeatureNeed::speed, probe_procmap_query},
    {"pfn", "storing pages once that tasks share copy-on-write", FeatureNeed::speed, probe_frames},
    {"madv_collapse", "huge pages while copying", FeatureNeed::speed, probe_collapse},
    {"madv_populate", "mapping pages ahead", FeatureNeed::speed, probe_advice<MADV_POPULATE_WRITE>},
    {"uffd", "filling memory from outside", FeatureNeed::speed, probe_uffd<0>},
    {"uffd_move", "moving huge pages into place", FeatureNeed::speed,
     probe_uffd<UFFD_FEATURE_MOVE>},
    {"uffd-noncoop", "lazy restore", FeatureNeed::object, probe_uffd<kNonCooperative>},
    {"uffd_wp_async", "incremental dumps without soft-dirty", FeatureNeed::object,
     probe_uffd<UFFD_FEATURE_WP_ASYNC>},
    {"soft_dirty", "incremental dumps on old kernels", FeatureNeed::speed, probe_soft_dirty},
    {"mem_dirty_track", "incremental dumps", FeatureNeed::object, probe_dirty_track},
    {"madv_guard", "guard regions", FeatureNeed::object, probe_advice<MADV_GUARD_INSTALL>},
    {"mseal", "sealed mappings", FeatureNeed::object, probe_mseal},
    {"memfd_exec", "executable memfds", FeatureNeed::object, probe_memfd_exec},
    {"anon_vma_name", "names of anonymous areas", FeatureNeed::object, probe_area_names},
    {"pkeys", "memory protection keys", FeatureNeed::object, probe_keys},
    {"mdwe", "tasks that may not make memory executable", FeatureNeed::object, probe_mdwe},
};

}  // namespace

std::span<const FeatureProbe> memory_probes() {
    return kProbes;
}

}  // namespace crtool::sys
