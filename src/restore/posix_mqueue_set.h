// POSIX message queues in a restore: see proto/posix_mqueue.proto.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "sys/fd.h"

namespace crtool::restore {

// The queues of the image, made or found again, and their open files; those that were made and have
// a name are removed unless the restore succeeds.
class PosixMqueues {
  public:
    explicit PosixMqueues(const image::Image& image);
    ~PosixMqueues();
    PosixMqueues(const PosixMqueues&) = delete;
    PosixMqueues& operator=(const PosixMqueues&) = delete;

    // By OpenFile.id.
    const std::unordered_map<uint32_t, sys::UniqueFd>& files() const { return files_; }

    void keep() { made_.clear(); }

  private:
    using OpenFiles = std::vector<const image::OpenFile*>;

    PosixMqueues() = default;
    void make_or_find(const image::PosixMqueue& record, const OpenFiles& files);
    // Open for both directions; its name is the last of made_.
    sys::UniqueFd make(const image::PosixMqueue& record);
    void open(const OpenFiles& files, const std::string& name, int queue);

    std::vector<std::string> made_;  // names
    std::unordered_map<uint32_t, sys::UniqueFd> files_;
};

}  // namespace crtool::restore
