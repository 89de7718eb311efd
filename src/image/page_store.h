// The one way by which pages get into an image and out of it.
//
// A dump of a task's own pages: the host reserves slots in pages.img for the runs that PAGEMAP_SCAN
// found, the code inside the task writes them to fd() at page_index * kPageSize (fallocate, then
// large pwritev) and reports XXH3-64 digests of the kPieceBytes pieces of each stretch, which the
// host hands to add_digests(). Pages that the host writes itself (shared memory, memfds, deleted
// files) go through HostPageWriter (host_page_writer.h), which does all three.
//
// A piece is a cut of one stretch: piece i covers bytes [i, i + 1) * kPieceBytes counted from the
// beginning of the stretch, the last one is shorter. Stretches may be of any length; long ones cost
// less. Every reserved page must be covered by exactly one stretch before finish() is called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "image/format.h"
#include "proto/memory.pb.h"

namespace crtool::image {

constexpr uint64_t pieces_of(uint64_t pages) {
    return (pages * kPageSize + kPieceBytes - 1) / kPieceBytes;
}

// The sink of page contents. All functions may be called from several threads.
class PageWriter {
  public:
    PageWriter() = default;
    PageWriter(const PageWriter&) = delete;
    PageWriter& operator=(const PageWriter&) = delete;
    virtual ~PageWriter() = default;

    // Takes `pages` consecutive slots and returns the index of the first: page_index in the
    // records.
    virtual uint64_t reserve(uint64_t pages) = 0;

    // Where slots are written: positional writes at page_index * kPageSize. Valid while the writer
    // lives; may be handed to a task (SCM_RIGHTS, pidfd_getfd).
    virtual int fd() const = 0;

    // Digests of the stretch [page_index, page_index + pages), pieces_of(pages) of them.
    virtual void add_digests(uint64_t page_index, uint64_t pages,
                             std::span<const uint64_t> xxh3) = 0;
};

// Slots of a local pages.img.
class LocalPageWriter : public PageWriter {
  public:
    // `fd` is Writer::pages_fd() and stays the Writer's.
    explicit LocalPageWriter(int fd) : fd_(fd) {}

    uint64_t reserve(uint64_t pages) override;

    int fd() const override { return fd_; }

    void add_digests(uint64_t page_index, uint64_t pages, std::span<const uint64_t> xxh3) override;

    // Number of slots reserved so far.
    uint64_t pages() const;

    // The record for memory.img, when everything is written. Throws internal when a reserved page
    // has no digest or two. Makes pages.img exactly as long as what was reserved, so that slots at
    // its end that nobody wrote (pages of zeros) read as zeros.
    Pieces finish();

  private:
    struct Stretch {
        uint64_t page_index;
        uint64_t pages;
        std::vector<uint64_t> xxh3;
    };

    mutable std::mutex mutex_;
    int fd_;
    uint64_t next_ = 0;
    std::vector<Stretch> stretches_;
};

}  // namespace crtool::image
