// Segments of System V shared memory: see proto/sysv_shm.proto.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "dump/content_store.h"
#include "dump/problems.h"
#include "proto/sysv_shm.pb.h"
#include "proto/task.pb.h"
#include "sys/sysv_shm.h"

namespace crtool::dump {

class ShmSet {
  public:
    explicit ShmSet(ContentStore& contents) : contents_(contents) {}

    // Is it the link of an area that is an attached segment?
    static bool matches(const std::string& link);

    // The Content.id of the segment with inode `st`, seen as /proc/`task`/`name`; 0: it has gone
    // from crtool's sight. `huge`: of huge pages.
    uint32_t add(const struct stat& st, pid_t task, const std::string& name, bool huge);

    // A segment is attached as a whole; what is left of one that was unmapped in part is a problem.
    void check(const image::Task& task, Problems& problems);

    // When all tasks are checked, for a namespace that is the tree's own: adds what nobody has
    // attached, by attaching it to crtool. `root` is for messages.
    void add_rest(pid_t root, Problems& problems);

    // The contents are saved.
    void detach() { attached_.clear(); }

    const std::map<uint32_t, image::SysvShm>& segments() const { return segments_; }

  private:
    void add_attached();

    ContentStore& contents_;
    std::map<uint32_t, image::SysvShm> segments_;  // by Content.id
    std::map<int, uint32_t> content_of_;           // by id
    std::map<uint32_t, uint64_t> areas_;           // of the tree, by Content.id
    std::list<sys::ShmAttachment> attached_;
};

}  // namespace crtool::dump
