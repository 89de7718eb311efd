// Locks that are seen at descriptors (proto/file_lock.proto).
#pragma once

#include <cstdint>
#include <unordered_set>

#include "dump/options.h"
#include "dump/problems.h"
#include "proto/task.pb.h"
#include "sys/proc_fdinfo.h"

namespace crtool::dump {

class LockSet {
  public:
    // Both references must outlive the object.
    LockSet(const Options& options, Problems& problems) : options_(options), problems_(problems) {}

    // The locks of one descriptor of `task`, which is the open file `file`.
    void add(const sys::FdInfo& info, uint32_t fd, uint32_t file, image::Task& task);

  private:
    const Options& options_;
    Problems& problems_;
    std::unordered_set<uint32_t> owned_;  // open files whose own locks are recorded
    std::unordered_set<uint32_t> here_;   // open files seen in the current task
    uint32_t task_ = 0;
};

}  // namespace crtool::dump
