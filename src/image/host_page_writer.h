// Pages that crtool itself copies into the image: shared memory, memfds, deleted files.
//
// The source is read in steps of 1 MiB into one buffer that stays in the CPU cache; pages that are
// all zero are left out; the rest is digested and written while it is hot. Works on every
// descriptor that can be read at an offset: a file, a memfd, /proc/PID/map_files/*, /proc/PID/mem.
// The position of the open file behind it stays as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "image/page_store.h"

namespace crtool::image {

// One object at a time; reuse it for many, it keeps its buffer. Not for two threads at once.
class HostPageWriter {
  public:
    explicit HostPageWriter(PageWriter& out);

    // Stores the non-zero pages of [offset, offset + length) of `source`; `offset` is page aligned.
    // The last page of a file that ends within it is filled up with zeros. Holes (SEEK_DATA) are
    // skipped without reading where the source can tell. Returns runs of stored pages, ascending,
    // in terms of source offsets; neighbours are merged.
    struct Run {
        uint64_t offset;  // bytes, page aligned
        uint64_t pages;
        uint64_t page_index;
    };

    std::vector<Run> copy(int source, uint64_t offset, uint64_t length);

    // copy() of a whole file of `size` bytes as a record.
    Content content(uint32_t id, int source, uint64_t size);

  private:
    // Stores what is not zero of the first `pages` pages of the buffer, which come from `offset`.
    void store(uint64_t pages, uint64_t offset, std::vector<Run>& runs);

    PageWriter& out_;
    std::unique_ptr<std::byte[]> buffer_;
    std::vector<uint64_t> kept_;  // source offsets of the pages that are not zero
    std::vector<uint64_t> digests_;
};

}  // namespace crtool::image
