// Checks of validate() about stored pages: runs of address spaces, contents, pieces.
#include <algorithm>

#include "image/format.h"
#include "image/page_store.h"
#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

constexpr uint64_t kMaxPages = kUserEnd / kPageSize;

std::string range(const PageRun& run) {
    return fmt::format("{:x}-{:x}", run.address(), run.address() + run.pages() * kPageSize);
}

uint64_t end_of(const PageRun& run) {
    return run.address() + run.pages() * kPageSize;
}

// Written so that no sum can overflow.
bool in_pages_img(const Index& index, uint64_t first, uint64_t pages) {
    return pages <= index.pages() && first <= index.pages() - pages;
}

void check_bounds(const Index& index, const PageRun& run, uint64_t last_end) {
    if (run.address() % kPageSize != 0 || run.address() >= kUserEnd || run.pages() == 0 ||
        run.pages() > kMaxPages - run.address() / kPageSize)
        refuse("pages at {:x}: no range of {} pages", run.address(), run.pages());
    if (run.address() < last_end)
        refuse("pages {}: overlap those before", range(run));
    if (!PageRun::From_IsValid(run.from()))
        refuse("pages {}: where they are from ({}) is not known", range(run),
               static_cast<int>(run.from()));
    if (run.from() == PageRun::STORED && !in_pages_img(index, run.page_index(), run.pages()))
        refuse("pages {}: at {} of {} pages in {}", range(run), run.page_index(), index.pages(),
               kPagesName);
}

// Pages of its own: anonymous memory, and what was written to a private mapping of a file. Guards
// stand in the page tables, so that shared memory has them as well.
bool may_have(const Area& area, PageRun::From from) {
    bool memory =
        area.kind() == Area::ANON || area.kind() == Area::FILE || area.kind() == Area::SHMEM;
    return memory && (!area.shared() || from == PageRun::GUARD);
}

// Walks through the areas of an address space along ascending runs.
class AreaCursor {
  public:
    explicit AreaCursor(const AddressSpace& mm) : areas_(mm.areas()) {}

    // A run may cross from one area into the next when they touch.
    void check(const PageRun& run) {
        uint64_t at = run.address();
        while (at < end_of(run)) {
            while (next_ < areas_.size() && areas_[next_].end() <= at)
                ++next_;
            if (next_ == areas_.size() || areas_[next_].start() > at)
                refuse("pages {}: no area at {:x}", range(run), at);
            if (!may_have(areas_[next_], run.from()))
                refuse("pages {}: the area at {:x} has no pages of its own", range(run), at);
            at = areas_[next_].end();
        }
    }

  private:
    const google::protobuf::RepeatedPtrField<Area>& areas_;
    int next_ = 0;
};

// Does the address space have content at all of [run], so that a child can inherit it?
void check_inherited(const PageIndex* parent, const PageRun& run) {
    if (parent == nullptr)
        refuse("pages {}: inherited, but there is no parent with pages", range(run));
    const auto& runs = parent->runs();
    auto next = std::upper_bound(
        runs.begin(), runs.end(), run.address(),
        [](uint64_t address, const PageRun& other) { return address < end_of(other); });
    uint64_t at = run.address();
    for (; at < end_of(run); ++next) {
        if (next == runs.end() || next->address() > at || next->from() == PageRun::GUARD)
            refuse("pages {}: inherited, but the parent has none at {:x}", range(run), at);
        at = end_of(*next);
    }
}

}  // namespace

void check_runs(const Index& index, const Task& task) {
    const PageIndex* own = index.pages_of(task.pid());
    if ((own != nullptr) != task.has_mm())
        refuse("it has {} page index", own != nullptr ? "a" : "no");
    if (own == nullptr)
        return;
    check_known(*own);
    // Parents come first, so the parent's runs are checked already.
    const Task* parent = task.ppid() == 0 ? nullptr : index.task(task.ppid());
    const PageIndex* parents =
        parent == nullptr ? nullptr : index.pages_of(index.owner_of_vm(*parent).pid());
    AreaCursor areas(task.mm());
    uint64_t last_end = 0;
    for (const PageRun& run : own->runs()) {
        check_known(run);
        check_bounds(index, run, last_end);
        areas.check(run);
        if (run.from() == PageRun::INHERITED)
            check_inherited(parents, run);
        last_end = end_of(run);
    }
}

void check_contents(const Index& index) {
    for (const Content& content : index.image().contents) {
        ErrorContext context("content", content.id());
        check_known(content);
        check_offset(content.size(), "its size");
        uint64_t pages = content.size() / kPageSize + (content.size() % kPageSize != 0 ? 1 : 0);
        uint64_t next = 0;  // in pages
        for (const Content::Extent& extent : content.extents()) {
            check_known(extent);
            uint64_t first = extent.offset() / kPageSize;
            uint64_t length = extent.length() / kPageSize + (extent.length() % kPageSize ? 1 : 0);
            if (extent.offset() % kPageSize != 0 || length == 0 || first < next || first >= pages ||
                length > pages - first)
                refuse("the extent of {} bytes at {:#x} is out of order or beyond its size",
                       extent.length(), extent.offset());
            if (!in_pages_img(index, extent.page_index(), length))
                refuse("the extent at {:#x} is beyond the end of {}", extent.offset(), kPagesName);
            next = first + length;
        }
    }
}

void check_pieces(const Index& index) {
    ErrorContext context("digests of the pages");
    const Pieces& pieces = index.image().pieces;
    check_known(pieces);
    if (pieces.piece_bytes() != kPieceBytes)
        refuse("pieces of {} bytes instead of {}", pieces.piece_bytes(), kPieceBytes);
    uint64_t covered = 0;
    for (const Pieces::Stretch& stretch : pieces.stretches()) {
        check_known(stretch);
        if (stretch.page_index() != covered || stretch.pages() == 0 ||
            !in_pages_img(index, covered, stretch.pages()))
            refuse("{} pages at {} do not follow the {} pages before", stretch.pages(),
                   stretch.page_index(), covered);
        if (static_cast<uint64_t>(stretch.xxh3_size()) != pieces_of(stretch.pages()))
            refuse("{} digests for {} pages", stretch.xxh3_size(), stretch.pages());
        covered += stretch.pages();
    }
    if (covered != index.pages())
        refuse("they cover {} of {} pages", covered, index.pages());
}

}  // namespace crtool::image::checks
