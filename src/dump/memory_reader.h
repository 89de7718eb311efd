// The areas and the existing pages of all tasks, read on every core that is allowed.
//
// What the kernel prints in smaps is the dearest thing that is read of a task (a page walk and half
// a kilobyte of text an area), and needs nobody in particular, while ptrace(2) answers only the
// thread that traces. So helpers read memory from the moment the tree stands, the tracer asks for
// everything else meanwhile, and lends a hand when it has come to the areas.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "sys/pagemap.h"
#include "sys/proc_maps.h"
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
    ~MemoryReader();
    MemoryReader(const MemoryReader&) = delete;
    MemoryReader& operator=(const MemoryReader&) = delete;

    // What task number `index` has; once for each. Throws what reading it threw.
    MemoryLook take(size_t index);

  private:
    struct Slot {
        std::atomic<bool> done = false;
        MemoryLook look;
        std::exception_ptr failure;
    };

    // Reads the next task that nobody has taken; false when there is none.
    bool read_one() noexcept;

    std::span<const tracee::FrozenTask> tasks_;
    std::unique_ptr<Slot[]> slots_;
    std::atomic<size_t> next_ = 0;
    std::vector<std::jthread> helpers_;  // last, so that they end before what they work on
};

}  // namespace crtool::dump
