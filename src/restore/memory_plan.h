// What of its address space a task is born with, what it maps, and what it loads.
//
// A pure function of the image and the pid plan. A child that shares pages copy-on-write with its
// parent (INHERITED runs) must be forked when the parent has those pages: so the parent maps and
// loads the areas concerned before it forks ("before"), and the child keeps the parts that fit its
// own areas, drops pages that it had not, and loads its own over them. Everything else is mapped
// and loaded by each task for itself, in parallel ("after").
#pragma once

#include <cstdint>
#include <vector>

#include "image/image.h"
#include "parasite/script.h"
#include "restore/pid_plan.h"

namespace crtool::restore {

struct Range {
    uint64_t start;
    uint64_t end;

    bool operator==(const Range&) const = default;
};

// A part of an area (index in AddressSpace.areas): to be mapped, or kept from the forker.
struct Piece {
    uint64_t start;
    uint64_t end;
    uint32_t area;
    bool kept = false;
    uint32_t kept_prot = 0;  // PROT_* that it has at birth
    bool loaded = false;     // pages are loaded into it

    bool operator==(const Piece&) const = default;
};

struct MemoryPart {
    std::vector<Piece> pieces;             // ascending
    std::vector<parasite::Segment> loads;  // ascending
    std::vector<Range> drops;              // pages of kept pieces that the task has not
};

struct TaskMemory {
    bool own = false;            // false: a zombie, or it shares another's address space
    bool discard_all = false;    // born with somebody's memory in an unknown state
    std::vector<Range> discard;  // mapped at birth, not wanted
    MemoryPart before;
    MemoryPart after;
};

struct MemoryPlan {
    std::vector<TaskMemory> tasks;  // by index in Image::tasks
};

// Not the kernel's own.
bool is_mapped_by_plan(const image::Area& area);
// What an area is protected with while its address space is built: memory for execution alone would
// get a key of the kernel's at a moment of its choice (protection_keys.h).
uint32_t built_protection(const image::Area& area);

MemoryPlan plan_memory(const image::Image& image, const PidPlan& pids);

}  // namespace crtool::restore
