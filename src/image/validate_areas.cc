// Checks of validate() about address spaces: areas, and the marks that prctl(2) PR_SET_MM sets.
#include <algorithm>

#include "image/format.h"
#include "image/packet_rings.h"
#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

constexpr uint64_t kVsyscall = 0xffffffffff600000;  // the one page above user space that maps shows
constexpr size_t kMaxAuxv = 1024;                   // the kernel keeps 46 pairs of 8 bytes
constexpr uint32_t kLastPolicy = 6;                 // MPOL_WEIGHTED_INTERLEAVE, kernel ≥ 6.9
constexpr uint32_t kPolicyFlags = 7U << 13;         // MPOL_F_STATIC_NODES and its like
constexpr size_t kMaxNodeBytes = 128;               // 1024 nodes
constexpr uint32_t kLeastHuge = 13;                 // logarithms of the sizes of huge pages,
constexpr uint32_t kGreatestHuge = 40;              // of any machine
constexpr uint32_t kKeys = 16;                      // protection keys of x86
constexpr uint32_t kExecute = 4;                    // PROT_EXEC
constexpr size_t kMaxLdt = 65536;                   // LDT_ENTRIES of 8 bytes

std::string range(const Area& area) {
    return fmt::format("{:x}-{:x}", area.start(), area.end());
}

void check_bounds(const Area& area, uint64_t last_end) {
    if (area.start() % kPageSize != 0 || area.end() % kPageSize != 0 || area.start() >= area.end())
        refuse("area {}: no range of pages", range(area));
    if (area.kind() == Area::VSYSCALL) {
        if (area.start() != kVsyscall || area.end() != kVsyscall + kPageSize)
            refuse("area {}: vsyscall is elsewhere", range(area));
        return;
    }
    if (area.start() < kUserStart || area.end() > kUserEnd)
        refuse("area {}: outside user space", range(area));
    if (area.huge_shift() != 0 &&
        (area.huge_shift() < kLeastHuge || area.huge_shift() > kGreatestHuge ||
         (area.start() | area.end()) % (uint64_t{1} << area.huge_shift()) != 0))
        refuse("area {}: huge pages of 2^{} bytes", range(area), area.huge_shift());
    if (area.start() < last_end)
        refuse("area {}: overlaps the one before", range(area));
}

void check_file(const Index& index, const Area& area) {
    const OpenFile* file = index.file(area.file());
    if (file == nullptr)
        refuse("area {}: the open file {} is not in the image", range(area), area.file());
    if (file->has_packet_socket()) {
        if (!area.shared() || area.offset() != 0 || area.huge_shift() != 0 ||
            area.end() - area.start() != image::ring_bytes(file->packet_socket()))
            refuse("area {}: does not fit the rings of the packet socket {}", range(area),
                   area.file());
        return;
    }
    if (!file->has_regular() && !file->has_memfd())
        refuse("area {}: the open file {} is of a kind that cannot be mapped", range(area),
               area.file());
}

void check_backing(const Index& index, const Area& area) {
    switch (area.kind()) {
        case Area::ANON:
            if (area.shared() || area.file() != 0)
                refuse("area {}: anonymous, but shared or of a file", range(area));
            return;
        case Area::FILE:
            check_file(index, area);
            break;
        case Area::SHMEM:
            if (index.content(area.file()) == nullptr)
                refuse("area {}: the content {} is not in the image", range(area), area.file());
            break;
        case Area::VDSO:
        case Area::VVAR:
            if (area.end() - area.start() > kMaxVdso)
                refuse("area {}: too large for a vdso", range(area));
            return;
        case Area::VSYSCALL:
            return;
        default:
            refuse("area {}: its kind {} is not known", range(area), static_cast<int>(area.kind()));
    }
    uint64_t size = area.end() - area.start();
    if (area.offset() % kPageSize != 0 || area.offset() > kMaxOffset - size)
        refuse("area {}: offset {:#x}", range(area), area.offset());
}

// A machine without keys refuses an image that names them as a feature of the CPU (compat.cc).
void check_key(const AddressSpace& mm, const Area& area) {
    if (area.pkey() == 0)
        return;
    if (area.pkey() >= kKeys || !mm.has_protection_keys())
        refuse("area {}: its protection key is {}", range(area), area.pkey());
    bool special =
        area.kind() != Area::ANON && area.kind() != Area::FILE && area.kind() != Area::SHMEM;
    if (special)
        refuse("area {}: the kernel's, with a protection key", range(area));
    if (area.pkey() == mm.protection_keys().execute_only() && area.prot() != kExecute)
        refuse("area {}: has the key of what can be executed only", range(area));
}

void check_keys(const Index& index, const AddressSpace& mm) {
    if (!mm.has_protection_keys())
        return;
    const ProtectionKeys& keys = mm.protection_keys();
    check_known(keys);
    const auto& features = index.image().inventory.cpu().features();
    if (std::ranges::find(features, "ospke") == features.end())
        refuse("it has protection keys, its CPU has not");
    if (keys.allocated() >> kKeys != 0)
        refuse("its protection keys are {:#x}", keys.allocated());
    uint32_t own = keys.execute_only();
    bool used =
        std::ranges::any_of(mm.areas(), [own](const Area& area) { return area.pkey() == own; });
    if (own != 0 && (own >= kKeys || (keys.allocated() >> own & 1) != 0 || !used))
        refuse("its protection key for what can be executed only is {}", own);
}

void check_marks(const AddressSpace& mm) {
    check_address(mm.start_code(), "its start_code");
    check_address(mm.end_code(), "its end_code");
    check_address(mm.start_data(), "its start_data");
    check_address(mm.end_data(), "its end_data");
    check_address(mm.start_brk(), "its start_brk");
    check_address(mm.brk(), "its brk");
    check_address(mm.start_stack(), "its start_stack");
    check_address(mm.arg_start(), "its arg_start");
    check_address(mm.arg_end(), "its arg_end");
    check_address(mm.env_start(), "its env_start");
    check_address(mm.env_end(), "its env_end");
    if (mm.start_brk() > mm.brk())
        refuse("its brk {:#x} is below its start {:#x}", mm.brk(), mm.start_brk());
    if (mm.auxv().size() % 16 != 0 || mm.auxv().size() > kMaxAuxv)
        refuse("its auxiliary vector has {} bytes", mm.auxv().size());
    if (mm.ldt().size() % 8 != 0 || mm.ldt().size() > kMaxLdt)
        refuse("its LDT has {} bytes", mm.ldt().size());
    // MEMBARRIER_CMD_REGISTER_*: every other command from the second on (membarrier(2)).
    if ((mm.membarrier() & ~uint32_t{0x154}) != 0)
        refuse("its barriers are {:#x}", mm.membarrier());
    if (mm.def_flags_mlock() != 0 && mm.def_flags_mlock() != 2 && mm.def_flags_mlock() != 6)
        refuse("its mlockall flags are {}", mm.def_flags_mlock());
}

}  // namespace

void check_policy(const MemoryPolicy& policy) {
    check_known(policy);
    if ((policy.mode() & ~kPolicyFlags) > kLastPolicy)
        refuse("its memory policy is {:#x}", policy.mode());
    if (policy.nodes().size() % sizeof(uint64_t) != 0 || policy.nodes().size() > kMaxNodeBytes)
        refuse("its memory policy has {} bytes of nodes", policy.nodes().size());
}

void check_areas(const Index& index, const Task& task) {
    bool owns = task.state() != Task::ZOMBIE && task.shares_vm() == 0;
    if (task.has_mm() != owns)
        refuse("it {} an address space of its own", owns ? "lacks" : "cannot have");
    if (!owns)
        return;
    const AddressSpace& mm = task.mm();
    check_known(mm);
    uint64_t last_end = 0;
    int vdsos = 0;
    for (const Area& area : mm.areas()) {
        check_known(area);
        check_bounds(area, last_end);
        check_backing(index, area);
        check_policy(area.policy());
        check_key(mm, area);
        if (area.prot() > 7)
            refuse("area {}: protection {:#x}", range(area), area.prot());
        if (area.growsdown() && area.kind() != Area::ANON)
            refuse("area {}: grows down, but is not anonymous", range(area));
        if (area.name().find('\0') != std::string::npos)
            refuse("area {}: a NUL byte in its name", range(area));
        vdsos += area.kind() == Area::VDSO ? 1 : 0;
        last_end = area.end();
    }
    if (vdsos > 1)
        refuse("it has {} vdsos", vdsos);
    check_keys(index, mm);
    check_marks(mm);
}

}  // namespace crtool::image::checks
