// The areas and the existing pages of all tasks, read on every core that is allowed.
//
// What the kernel prints in smaps is the dearest thing that is read of a task: a page walk and half
// a kilobyte of text an area. So helpers read memory from the moment the tree stands, the tracer
// asks for everything else meanwhile, and lends a hand when it has come to the areas.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "sys/pagemap.h"
#include "sys/proc_maps.h"
#include "sys/read_ahead.h"
#include "tracee/frozen_tree.h"

namespace crtool::dump {

struct MemoryLook {
    std::vector<sys::Area> areas;
    std::vector<sys::PageRun> pages;  // private pages that exist, and guards; ascending
};

class MemoryReader {
  public:
    // The tasks, stopped, must outlive the reader.
    explicit MemoryReader(std::span<const tracee::FrozenTask> tasks);

    // What task number `index` has; once for each. Throws what reading it threw.
    MemoryLook take(size_t index);

  private:
    void read(size_t job);

    std::span<const tracee::FrozenTask> tasks_;
    std::vector<MemoryLook> looks_;
    sys::ReadAhead readers_;  // two jobs a task; last, so that it ends before what it works on
};

}  // namespace crtool::dump
