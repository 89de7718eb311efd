// Whether the running kernel's vdso is mapped in place of the saved one, or calls are redirected.
#include "restore/vdso_plan.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace crtool;
using Catch::Contains;
using restore::OwnState;
using restore::plan_vdso;
using restore::VdsoChoice;

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kCode = 0x7f0000006000;
constexpr restore::Range kArena{uint64_t{1} << 40, (uint64_t{1} << 40) + 512 * kPage};

OwnState own_with(const std::string& text) {
    OwnState own;
    own.vdso = {0x7ffff0000000, 0x7ffff0006000, 0x7ffff0008000};
    own.vdso_text = text;
    own.areas = {{own.vdso.start, own.vdso.end}};
    return own;
}

void add_area(image::Task& task, uint64_t start, uint64_t end, image::Area::Kind kind) {
    image::Area& area = *task.mutable_mm()->add_areas();
    area.set_start(start);
    area.set_end(end);
    area.set_kind(kind);
}

struct Sample {
    std::string text = std::string(2 * kPage, 'v');
    OwnState own = own_with(text);
    image::Image image;

    Sample() {
        image.inventory.set_vdso(text);
        image::Task& task = image.tasks.emplace_back();
        task.set_pid(10);
        add_area(task, kCode - 6 * kPage, kCode, image::Area::VVAR);
        add_area(task, kCode, kCode + 2 * kPage, image::Area::VDSO);
        image::Thread& thread = *task.add_threads();
        thread.set_tid(10);
        thread.mutable_registers()->set_rip(0x400000);
        thread.mutable_registers()->set_orig_rax(~uint64_t{0});
    }

    restore::VdsoPlan plan(VdsoChoice choice = VdsoChoice::automatic) const {
        return plan_vdso(image, choice, own, kArena);
    }
};

}  // namespace

TEST_CASE("vdso plan: the same one is mapped") {
    Sample sample;
    CHECK_FALSE(sample.plan().redirect);
    CHECK_FALSE(sample.plan(VdsoChoice::map).redirect);
}

TEST_CASE("vdso plan: another one gets a free place") {
    Sample sample;
    sample.own.vdso_text[100] = 'w';
    restore::VdsoPlan plan = sample.plan();
    CHECK(plan.redirect);
    CHECK(plan.address >= kArena.end);
    CHECK_THROWS_WITH(sample.plan(VdsoChoice::map), Contains("another one than this kernel's"));
    // Also one of the same code that lies otherwise.
    Sample moved;
    moved.own.vdso.start -= kPage;
    CHECK(moved.plan().redirect);
}

TEST_CASE("vdso plan: a kernel without any, and tasks without any") {
    Sample sample;
    sample.own.vdso = {};
    sample.own.vdso_text.clear();
    CHECK(sample.plan() == restore::VdsoPlan{true, 0});
    sample.image.tasks[0].mutable_mm()->clear_areas();
    CHECK_FALSE(sample.plan().redirect);
}

TEST_CASE("vdso plan: a thread inside is refused, but not one in a system call there") {
    Sample sample;
    auto* registers = sample.image.tasks[0].mutable_threads(0)->mutable_registers();
    registers->set_rip(kCode + 100);
    CHECK_NOTHROW(sample.plan());
    CHECK_THROWS_WITH(sample.plan(VdsoChoice::redirect), Contains("inside a function of its vdso"));
    registers->set_orig_rax(228);
    CHECK_NOTHROW(sample.plan(VdsoChoice::redirect));
}

TEST_CASE("vdso plan: parts of a vdso are not enough") {
    Sample sample;
    sample.own.vdso_text[100] = 'w';
    Sample moved = sample;
    moved.image.tasks[0].mutable_mm()->mutable_areas(0)->set_end(kCode - kPage);
    CHECK_THROWS_WITH(moved.plan(), Contains("moved or unmapped"));
    sample.image.inventory.clear_vdso();
    CHECK_NOTHROW(sample.plan());
    CHECK_THROWS_WITH(sample.plan(VdsoChoice::redirect), Contains("has not the vdso"));
}
