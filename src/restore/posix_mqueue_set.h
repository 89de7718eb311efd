// POSIX message queues in a restore: see proto/posix_mqueue.proto.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "restore/context.h"
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

    // Of messages that have come since the dump: to netlink sockets (SIGEV_THREAD), which the
    // coordinator has by OpenFile.id.
    void send_cookies(const image::Image& image,
                      const std::unordered_map<uint32_t, int>& sockets) const;

    // The task is to be notified: when it has closed what it does not keep.
    void emit_notify(TaskBuild& build) const;

    void keep() { made_.clear(); }

  private:
    using OpenFiles = std::vector<const image::OpenFile*>;

    PosixMqueues() = default;
    void make_or_find(const image::PosixMqueue& record, const OpenFiles& files);
    // Open for both directions; its name is the last of made_.
    sys::UniqueFd make(const image::PosixMqueue& record);
    void open(const OpenFiles& files, const std::string& name, int queue);

    std::vector<std::string> made_;  // names
    // By the pid of whom they notify: those that still do, and those whose message has come.
    std::unordered_map<uint32_t, std::vector<const image::PosixMqueue*>> waiting_;
    std::unordered_map<uint32_t, std::vector<const image::PosixMqueue*>> notified_;
    std::unordered_map<uint32_t, sys::UniqueFd> files_;
};

}  // namespace crtool::restore
