// See sysv_shm.h.
#include "dump/sysv_shm.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "sys/sysv_shm.h"

namespace crtool::dump {
namespace {

constexpr uint64_t kPage = 4096;

uint64_t whole_pages(uint64_t size) {
    return (size + kPage - 1) / kPage * kPage;
}

}  // namespace

bool ShmSet::matches(const std::string& link) {
    return link.starts_with("/SYSV") && link.ends_with(" (deleted)");
}

uint32_t ShmSet::add(const struct stat& st, pid_t task, const std::string& name) {
    auto segment = sys::try_stat_shm(static_cast<int>(st.st_ino));
    if (!segment)
        return 0;
    uint32_t content = contents_.id_of(st, task, name);
    image::SysvShm& record = segments_[content];
    record.set_id(static_cast<uint32_t>(segment->id));
    record.set_key(segment->key);
    record.set_mode(segment->mode);
    record.set_uid(segment->uid);
    record.set_gid(segment->gid);
    record.set_creator_uid(segment->creator_uid);
    record.set_creator_gid(segment->creator_gid);
    record.set_size(segment->size);
    record.set_removed(segment->removed);
    record.set_content(content);
    return content;
}

void ShmSet::check(const image::Task& task, Problems& problems) const {
    uint64_t next = 0;  // address at which the segment goes on
    uint64_t left = 0;
    uint32_t content = 0;
    auto complain = [&] {
        problems.add(
            task.pid(), fmt::format("shared memory segment {}", segments_.at(content).id()),
            "is attached in part only, which is not carried", "let the program attach it whole");
        left = 0;
    };
    for (const image::Area& area : task.mm().areas()) {
        bool is_segment = area.kind() == image::Area::SHMEM && segments_.contains(area.file());
        bool goes_on = is_segment && left != 0 && area.file() == content && area.start() == next;
        if (left != 0 && !goes_on)
            complain();
        if (!is_segment)
            continue;
        content = area.file();
        uint64_t length = area.end() - area.start();
        if (!goes_on)
            left = whole_pages(segments_.at(content).size());
        if ((!goes_on && area.offset() != 0) || length > left)
            complain();
        else
            left -= length;
        next = area.end();
    }
    if (left != 0)
        complain();
}

}  // namespace crtool::dump
