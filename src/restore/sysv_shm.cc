// See sysv_shm.h.
#include "restore/sysv_shm.h"

#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include <algorithm>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/file_io.h"
#include "sys/sysv_shm.h"
#include "sys/vm_flags.h"

namespace crtool::restore {
namespace {

constexpr uint64_t kPage = 4096;

sys::ShmSegment wanted(const image::SysvShm& record) {
    return {{.id = static_cast<int>(record.id()),
             .key = record.key(),
             .mode = record.mode(),
             .uid = record.uid(),
             .gid = record.gid(),
             .creator_uid = record.creator_uid(),
             .creator_gid = record.creator_gid()},
            record.size(),
            record.huge_shift()};
}

// One that the dumped tree has left behind is as it was, and nobody's.
bool is_left_behind(const sys::ShmSegment& want, const sys::ShmSegment& found) {
    return found.key == want.key && found.size == want.size && found.attached == 0 &&
           found.creator_uid == want.creator_uid;
}

const image::Content& content_of(const image::Image& image, uint32_t id) {
    return *std::ranges::find(image.contents, id, &image::Content::id);
}

// A new one is all zeros; to write them would take memory.
void fill(const sys::ShmSegment& segment, bool is_new, const image::Content& content,
          int pages_fd) {
    sys::ShmAttachment attached(segment.id, segment.size);
    std::span<std::byte> bytes = attached.bytes();
    uint64_t end = 0;
    auto clear_to = [&](uint64_t start) {
        if (start > end && !is_new)
            std::ranges::fill(bytes.subspan(end, start - end), std::byte{0});
    };
    for (const image::Content::Extent& extent : content.extents()) {
        if (extent.offset() >= segment.size)
            break;
        clear_to(extent.offset());
        uint64_t length = std::min(extent.length(), segment.size - extent.offset());
        sys::read_exactly(pages_fd, bytes.subspan(extent.offset(), length),
                          extent.page_index() * kPage);
        end = extent.offset() + length;
    }
    clear_to(segment.size);
}

}  // namespace

// Delegates, so that the destructor runs when something fails here.
ShmSegments::ShmSegments(const image::Image& image, int pages_fd) : ShmSegments(image) {
    for (const image::SysvShm& record : image.shm_segments) {
        ErrorContext context("shared memory segment", record.id());
        fault::point("make a shared memory segment");
        sys::ShmSegment want = wanted(record);
        if (auto found = sys::try_stat_shm(want.id)) {
            if (!is_left_behind(want, *found))
                fail(Errc::system, "another segment has this id, or somebody has attached it");
        } else {
            sys::make_shm(want);
            made_.push_back(want.id);
        }
        sys::set_shm_owner(want);
        bool is_new = !made_.empty() && made_.back() == want.id;
        fill(want, is_new, content_of(image, record.content()), pages_fd);
    }
}

ShmSegments::~ShmSegments() {
    for (int id : made_) {
        try {
            sys::remove_shm(id);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
}

void ShmSegments::finish() const {
    for (const image::SysvShm& record : image_.shm_segments)
        if (record.removed())
            sys::remove_shm(static_cast<int>(record.id()));
}

const image::SysvShm* segment_of(const image::Image& image, uint32_t content) {
    auto found = std::ranges::find(image.shm_segments, content, &image::SysvShm::content);
    return found == image.shm_segments.end() ? nullptr : &*found;
}

uint32_t emit_attach(const image::SysvShm& segment, const image::Area& area,
                     parasite::ScriptBuilder& script) {
    bool writable = sys::VmFlags(area.vm_flags()).has(sys::VmFlag::mw);
    bool executable = (area.prot() & PROT_EXEC) != 0;
    int flags = SHM_REMAP | (writable ? 0 : SHM_RDONLY) | (executable ? SHM_EXEC : 0);
    if (area.offset() == 0)
        script.call("attach shared memory", SYS_shmat, {segment.id(), area.start(), flags});
    return static_cast<uint32_t>(PROT_READ | (writable ? PROT_WRITE : 0) |
                                 (executable ? PROT_EXEC : 0));
}

}  // namespace crtool::restore
