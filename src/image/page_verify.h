// Checks the content of pages.img against the digests in memory.img.
#pragma once

#include <atomic>

#include "proto/memory.pb.h"

namespace crtool::image {

// Reads all of `pages_fd` and compares every piece, on `threads` threads (the caller's is one of
// them; 0 counts as 1). Throws bad_image naming the first damaged piece, system when reading fails.
// May run beside the loading of the same pages: it only reads. Returns early, without a verdict,
// once *cancelled is true. The Pieces must have passed validate().
void verify_pages(int pages_fd, const Pieces& pieces, unsigned threads,
                  const std::atomic<bool>* cancelled = nullptr);

}  // namespace crtool::image
