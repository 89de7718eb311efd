// Attached segments of System V shared memory: see proto/sysv_shm.proto.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dump/content_store.h"
#include "dump/problems.h"
#include "proto/sysv_shm.pb.h"
#include "proto/task.pb.h"

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
    void check(const image::Task& task, Problems& problems) const;

    const std::map<uint32_t, image::SysvShm>& segments() const { return segments_; }

  private:
    ContentStore& contents_;
    std::map<uint32_t, image::SysvShm> segments_;  // by Content.id
    std::map<int, uint32_t> content_of_;           // by id
};

}  // namespace crtool::dump
