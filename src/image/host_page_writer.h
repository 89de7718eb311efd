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
#include <span>
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

    // The same for many stretches of a source without holes (/proc/PID/mem), written together.
    struct Stretch {
        uint64_t offset;  // bytes, page aligned
        uint64_t length;
    };

    std::vector<Run> copy_all(int source, std::span<const Stretch> stretches);

    // copy() of a whole file of `size` bytes as a record.
    Content content(uint32_t id, int source, uint64_t size);

  private:
    // Appends to the buffer what the source has at `offset`, filled up to whole pages; returns how
    // many bytes that was.
    uint64_t load(int source, uint64_t offset, uint64_t length);
    // Stores what is not zero of the pages in the buffer, and empties it.
    void store(std::vector<Run>& runs);

    PageWriter& out_;
    std::unique_ptr<std::byte[]> buffer_;
    std::vector<uint64_t> loaded_;  // source offsets of the pages in the buffer
    std::vector<uint64_t> kept_;    // of those that are not zero
    std::vector<uint64_t> digests_;
};

}  // namespace crtool::image
