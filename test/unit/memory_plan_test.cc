// What a task inherits, maps, loads and drops, on small address spaces.
#include "restore/memory_plan.h"

#include <sys/mman.h>

#include <catch2/catch.hpp>

#include "restore/arena_plan.h"

using namespace crtool;
using restore::MemoryPlan;
using restore::Piece;
using restore::Range;
using restore::TaskMemory;

namespace {

constexpr uint64_t kPage = 4096;

struct Sample {
    image::Image image;

    image::Task& add(uint32_t pid, uint32_t ppid) {
        image::Task& task = image.tasks.emplace_back();
        task.set_pid(pid);
        task.set_ppid(ppid);
        task.set_pgid(image.tasks.front().pid());
        task.set_sid(image.tasks.front().pid());
        task.add_threads()->set_tid(pid);
        image.page_indexes.emplace_back().set_pid(pid);
        return task;
    }

    static void area(image::Task& task, uint64_t first, uint64_t last,
                     image::Area::Kind kind = image::Area::ANON) {
        image::Area& area = *task.mutable_mm()->add_areas();
        area.set_start(first * kPage);
        area.set_end(last * kPage);
        area.set_prot(PROT_READ | PROT_WRITE);
        area.set_kind(kind);
    }

    void run(size_t task, uint64_t page, uint64_t pages, image::PageRun::From from,
             uint64_t index = 0) {
        image::PageRun& run = *image.page_indexes[task].add_runs();
        run.set_address(page * kPage);
        run.set_pages(pages);
        run.set_from(from);
        run.set_page_index(index);
    }

    MemoryPlan plan() const { return restore::plan_memory(image, restore::plan_pids(image, {})); }
};

Piece whole(uint64_t first, uint64_t last, uint32_t area, bool loaded) {
    return {first * kPage, last * kPage, area, false, 0, loaded};
}

}  // namespace

TEST_CASE("memory_plan: a single task maps and loads everything for itself") {
    Sample sample;
    image::Task& task = sample.add(10, 0);
    Sample::area(task, 16, 20);
    Sample::area(task, 20, 24);
    Sample::area(task, 30, 31, image::Area::VDSO);
    sample.run(0, 17, 2, image::PageRun::STORED, 5);
    MemoryPlan plan = sample.plan();
    const TaskMemory& memory = plan.tasks[0];
    CHECK(memory.before.pieces.empty());
    CHECK(memory.after.pieces ==
          std::vector<Piece>{whole(16, 20, 0, true), whole(20, 24, 1, false)});
    REQUIRE(memory.after.loads.size() == 1);
    CHECK(memory.after.loads[0].address == 17 * kPage);
    CHECK(memory.after.loads[0].page_index == 5);
}

TEST_CASE("memory_plan: pages that are loaded at once are loaded into both areas") {
    Sample sample;
    image::Task& task = sample.add(10, 0);
    Sample::area(task, 1, 3, image::Area::FILE);
    Sample::area(task, 3, 5, image::Area::FILE);
    sample.run(0, 2, 1, image::PageRun::STORED, 7);
    sample.run(0, 3, 1, image::PageRun::STORED, 8);
    MemoryPlan plan = sample.plan();
    const auto& after = plan.tasks[0].after;
    CHECK(after.loads.size() == 1);
    CHECK(after.pieces == std::vector<Piece>{whole(1, 3, 0, true), whole(3, 5, 1, true)});
}

TEST_CASE("memory_plan: a child keeps what it shares with its parent") {
    Sample sample;
    image::Task& parent = sample.add(10, 0);
    Sample::area(parent, 16, 24);
    Sample::area(parent, 40, 44);
    sample.run(0, 16, 4, image::PageRun::STORED, 0);
    image::Task& child = sample.add(11, 10);
    Sample::area(child, 16, 26);  // has grown since
    sample.run(1, 16, 2, image::PageRun::INHERITED);
    sample.run(1, 18, 1, image::PageRun::STORED, 9);
    MemoryPlan plan = sample.plan();
    CHECK(plan.tasks[0].before.pieces == std::vector<Piece>{whole(16, 24, 0, true)});
    CHECK(plan.tasks[0].after.pieces == std::vector<Piece>{whole(40, 44, 1, false)});
    const restore::MemoryPart& part = plan.tasks[1].after;
    REQUIRE(part.pieces.size() == 2);
    CHECK(part.pieces[0] == Piece{16 * kPage, 24 * kPage, 0, true, PROT_READ | PROT_WRITE, true});
    CHECK(part.pieces[1] == whole(24, 26, 0, false));
    REQUIRE(part.loads.size() == 1);
    CHECK(part.loads[0].page_index == 9);
    // The parent's fourth page is not the child's.
    CHECK(part.drops == std::vector<Range>{{19 * kPage, 20 * kPage}});
    CHECK(plan.tasks[1].discard.empty());
}

TEST_CASE("memory_plan: a child discards what only its siblings inherit") {
    Sample sample;
    image::Task& parent = sample.add(10, 0);
    Sample::area(parent, 16, 24);
    Sample::area(parent, 32, 40);
    sample.run(0, 16, 1, image::PageRun::STORED, 0);
    sample.run(0, 32, 1, image::PageRun::STORED, 1);
    for (uint32_t i = 0; i < 2; i++) {
        image::Task& child = sample.add(11 + i, 10);
        Sample::area(child, 16, 24);
        Sample::area(child, 32, 40);
        sample.run(1 + i, i == 0 ? 16 : 32, 1, image::PageRun::INHERITED);
    }
    MemoryPlan plan = sample.plan();
    CHECK(plan.tasks[1].discard == std::vector<Range>{{32 * kPage, 40 * kPage}});
    CHECK(plan.tasks[2].discard == std::vector<Range>{{16 * kPage, 24 * kPage}});
}

TEST_CASE("memory_plan: a grandchild inherits through its parent") {
    Sample sample;
    for (uint32_t i = 0; i < 3; i++) {
        image::Task& task = sample.add(10 + i, i == 0 ? 0 : 9 + i);
        Sample::area(task, 16, 24);
        sample.run(i, 16, 1, i == 0 ? image::PageRun::STORED : image::PageRun::INHERITED, 3);
    }
    MemoryPlan plan = sample.plan();
    CHECK(plan.tasks[1].before.pieces.at(0).kept);
    CHECK(plan.tasks[2].after.pieces.at(0).kept);
    CHECK(plan.tasks[2].after.loads.empty());
}

TEST_CASE("memory_plan: who is not forked by its parent loads what it would inherit") {
    Sample sample;
    image::Task& root = sample.add(10, 0);
    Sample::area(root, 16, 24);
    sample.run(0, 16, 2, image::PageRun::STORED, 7);
    image::Task& leader = sample.add(11, 10);
    leader.set_sid(11);
    leader.set_pgid(11);
    image::Task& early = sample.add(12, 11);  // still in its grandparent's session
    Sample::area(sample.image.tasks[1], 16, 24);
    Sample::area(early, 16, 24);
    sample.run(1, 16, 2, image::PageRun::INHERITED);
    sample.run(2, 17, 1, image::PageRun::INHERITED);
    MemoryPlan plan = sample.plan();
    const restore::MemoryPart& part = plan.tasks[2].after;
    REQUIRE(part.loads.size() == 1);
    CHECK(part.loads[0].address == 17 * kPage);
    CHECK(part.loads[0].page_index == 8);
}

TEST_CASE("arena_plan: finds a hole in all address spaces") {
    Sample sample;
    constexpr uint64_t kTera = uint64_t{1} << 40;
    constexpr uint64_t kMega = uint64_t{1} << 20;
    image::Task& task = sample.add(10, 0);
    Sample::area(task, kTera / kPage, (kTera + 8 * kMega) / kPage);
    std::vector<Range> own{{kTera + 16 * kMega, kTera + 20 * kMega}};
    uint64_t address = restore::plan_arena(sample.image, own, 4 * kMega);
    CHECK(address >= kTera + 20 * kMega);
    CHECK(address < kTera + 32 * kMega);
}
