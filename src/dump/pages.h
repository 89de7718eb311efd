// Which pages of an address space go into the image, where, and by whom they are written.
//
// 1. scan(): the private pages that exist (one PAGEMAP_SCAN, memory_reader.h), area by area. What
//    the task can read is written by the task itself; what it cannot (PROT_NONE with data, or a
//    protection key that its thread denies itself) the host reads from /proc/PID/mem.
// 2. emit_find_zeros(): inside, a first pass marks pages that are all zero; they are not stored.
// 3. place(): a frame that another address space has stored already is not stored again; a child's
//    page that its parent has at the same address, in the same area, is INHERITED.
// 4. emit_write(): inside, a second pass writes what is left and takes the digests.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "dump/task_probe.h"
#include "image/page_store.h"
#include "parasite/script.h"
#include "parasite/script_builder.h"
#include "proto/memory.pb.h"
#include "sys/fd.h"

namespace crtool::dump {

struct PagePlan {
    std::vector<parasite::Segment> own;     // candidates that the task writes
    std::vector<parasite::Segment> hidden;  // those that the host reads
    std::vector<sys::PageRun> guards;
    uint64_t own_pages = 0;

    uint64_t zero_bitmap = 0;                // address in the arena
    std::vector<parasite::Segment> written;  // of `own`, what is stored, in order
    uint64_t written_pages = 0;
    uint64_t page_index = 0;  // of the first written page
    uint64_t digests = 0;     // address in the arena
    image::PageIndex record;
};

// Frames that are stored already, and who has them.
class FrameTable {
  public:
    struct Copy {
        uint64_t page_index;
        uint64_t address;
        uint32_t pid;  // the first that has it
    };

    const Copy* find(uint64_t frame) const;

    void add(uint64_t frame, const Copy& copy) { copies_.try_emplace(frame, copy); }

  private:
    std::unordered_map<uint64_t, Copy> copies_;
};

// Room that a task's page work needs in its arena.
uint64_t page_bytes(const PagePlan& plan);

// `by_host`: the task cannot write its pages itself, all are read from outside. `unsteady`: pages
// (addresses, ascending) that the kernel writes to while the task works, so that a digest would not
// fit what is written a moment later; the host stores a copy of those.
PagePlan scan_pages(const TaskProbe& task, bool by_host, std::span<const uint64_t> unsteady);
void emit_find_zeros(PagePlan& plan, parasite::ScriptBuilder& script);
// `parent`: the task it would be forked from, nullptr without one; `frames`: nullptr when nobody
// else can share pages with it.
void place_pages(TaskProbe& task, const TaskProbe* parent, FrameTable* frames,
                 image::PageWriter& writer);
void emit_write(PagePlan& plan, parasite::ScriptBuilder& script, parasite::Ref fd);
// Reads the hidden pages and hands all digests to the writer.
void finish_pages(TaskProbe& task, image::PageWriter& writer);

}  // namespace crtool::dump
