// See page_store.h.
#include "image/page_store.h"

#include <algorithm>

#include "base/error.h"
#include "sys/fd.h"

namespace crtool::image {

uint64_t LocalPageWriter::reserve(uint64_t pages) {
    std::lock_guard lock(mutex_);
    uint64_t first = next_;
    next_ += pages;
    return first;
}

void LocalPageWriter::add_digests(uint64_t page_index, uint64_t pages,
                                  std::span<const uint64_t> xxh3) {
    if (xxh3.size() != pieces_of(pages))
        fail(Errc::internal, "{} digests for a stretch of {} pages", xxh3.size(), pages);
    if (pages == 0)
        return;
    std::lock_guard lock(mutex_);
    stretches_.push_back({page_index, pages, {xxh3.begin(), xxh3.end()}});
}

uint64_t LocalPageWriter::pages() const {
    std::lock_guard lock(mutex_);
    return next_;
}

Pieces LocalPageWriter::finish() {
    std::lock_guard lock(mutex_);
    std::sort(stretches_.begin(), stretches_.end(),
              [](const Stretch& a, const Stretch& b) { return a.page_index < b.page_index; });
    Pieces pieces;
    pieces.set_piece_bytes(kPieceBytes);
    pieces.mutable_stretches()->Reserve(static_cast<int>(stretches_.size()));
    uint64_t covered = 0;
    for (const Stretch& stretch : stretches_) {
        if (stretch.page_index != covered)
            fail(Errc::internal, "pages {} and {} of the image have no digest, or two", covered,
                 stretch.page_index);
        covered += stretch.pages;
        Pieces::Stretch& out = *pieces.add_stretches();
        out.set_page_index(stretch.page_index);
        out.set_pages(stretch.pages);
        out.mutable_xxh3()->Assign(stretch.xxh3.begin(), stretch.xxh3.end());
    }
    if (covered != next_)
        fail(Errc::internal, "{} pages of the image are reserved, {} have a digest", next_,
             covered);
    sys::truncate(fd_, next_ * kPageSize);
    return pieces;
}

}  // namespace crtool::image
