// System V shared memory in a restore: see proto/sysv_shm.proto.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "parasite/script_builder.h"

namespace crtool::restore {

// The segments of the image, made or taken over; those that were made are removed again unless the
// restore succeeds.
class ShmSegments {
  public:
    ShmSegments(const image::Image& image, int pages_fd);
    ~ShmSegments();
    ShmSegments(const ShmSegments&) = delete;
    ShmSegments& operator=(const ShmSegments&) = delete;

    // All tasks have attached theirs: those that were to be removed with their last attachment are
    // so again.
    void finish() const;

    // The restore has succeeded.
    void keep() { made_.clear(); }

  private:
    explicit ShmSegments(const image::Image& image) : image_(image) {}

    const image::Image& image_;
    std::vector<int> made_;
};

// The segment that a Content is of; nullptr: none.
const image::SysvShm* segment_of(const image::Image& image, uint32_t content);

// Attaches it at `area`'s place, when the area is its beginning; the protection that it has then.
uint32_t emit_attach(const image::SysvShm& segment, const image::Area& area,
                     parasite::ScriptBuilder& script);

}  // namespace crtool::restore
