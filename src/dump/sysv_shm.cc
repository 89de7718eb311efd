// See sysv_shm.h.
#include "dump/sysv_shm.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <set>

#include "base/fault.h"
#include "sys/file_calls.h"
#include "sys/ipc_settings.h"
#include "sys/proc_dir.h"
#include "sys/proc_maps.h"

namespace crtool::dump {
namespace {

constexpr uint64_t kPage = 4096;

// Of a file on hugetlbfs.
uint64_t page_size(const struct stat& st) {
    return static_cast<uint64_t>(st.st_blksize);
}

uint64_t whole_pages(const image::SysvShm& segment) {
    uint64_t page = segment.huge_shift() == 0 ? kPage : uint64_t{1} << segment.huge_shift();
    return (segment.size() + page - 1) / page * page;
}

}  // namespace

bool ShmSet::matches(const std::string& link) {
    return link.starts_with("/SYSV") && link.ends_with(" (deleted)");
}

uint32_t ShmSet::add(const struct stat& st, pid_t task, const std::string& name, bool huge) {
    auto segment = sys::try_stat_shm(static_cast<int>(st.st_ino));
    if (!segment)
        return 0;
    // Its inode has the number of the segment, which a memfd may have, too.
    auto [at, is_new] = content_of_.try_emplace(segment->id);
    if (is_new)
        at->second = contents_.add(st, task, name);
    uint32_t content = at->second;
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
    if (huge)
        record.set_huge_shift(static_cast<uint32_t>(std::countr_zero(page_size(st))));
    return content;
}

void ShmSet::check(const image::Task& task, Problems& problems) {
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
        areas_[content]++;
        uint64_t length = area.end() - area.start();
        if (!goes_on)
            left = whole_pages(segments_.at(content));
        if ((!goes_on && area.offset() != 0) || length > left)
            complain();
        else
            left -= length;
        next = area.end();
    }
    if (left != 0)
        complain();
}

void ShmSet::add_rest(pid_t root, Problems& problems) {
    fault::point("look for segments that nobody has attached");
    auto forced = sys::read_ipc_setting(sys::kShmRmidForced);
    bool goes_with_creator = forced && forced->front() != 0;
    for (int id : sys::list_shm_segments()) {
        auto segment = sys::try_stat_shm(id);
        if (!segment)
            continue;
        std::string text = fmt::format("shared memory segment {}", id);
        auto known = content_of_.find(id);
        uint64_t areas = known == content_of_.end() ? 0 : areas_[known->second];
        // The kernel counts areas.
        if (segment->attached != areas)
            problems.add(root, text,
                         fmt::format("is attached {} times and the tree has {} of them: the others "
                                     "are outside of it, or of another IPC namespace",
                                     segment->attached, areas),
                         "dump a tree that has them all");
        else if (areas == 0 && goes_with_creator)
            problems.add(root, text,
                         "is attached by nobody, and with kernel.shm_rmid_forced it would not "
                         "outlive that crtool reads it",
                         "let the program attach it");
        else if (areas == 0)
            attached_.emplace_back(id, segment->size);
    }
    add_attached();
}

void ShmSet::add_attached() {
    if (attached_.empty())
        return;
    std::set<uint64_t> starts;
    for (const sys::ShmAttachment& own : attached_)
        starts.insert(reinterpret_cast<uint64_t>(own.bytes().data()));
    sys::ProcDir self(::getpid());
    for (const sys::Area& area : sys::parse_maps(self.read("maps"))) {
        if (!starts.contains(area.start))
            continue;
        std::string name = fmt::format("map_files/{:x}-{:x}", area.start, area.end);
        sys::UniqueFd fd = self.open(name, O_PATH);
        add(sys::stat_fd(fd.get()), self.pid(), name,
            sys::filesystem_of(fd.get()) == HUGETLBFS_MAGIC);
    }
}

}  // namespace crtool::dump
