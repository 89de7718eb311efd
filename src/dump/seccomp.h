// Seccomp filter programs, each stored once however many threads run under it.
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "proto/thread.pb.h"

namespace crtool::dump {

class SeccompTable {
  public:
    // Reads the filter chain of a stopped thread and names its filters in `record`, oldest first.
    void record_chain(pid_t tid, image::Thread& record);

    // Whether the thread, which has been recorded, may make the calls that the blob makes when
    // crtool has died, and seccomp is in force again.
    bool lets_blob_leave(const image::Thread& record) const;

    const std::vector<image::SeccompFilter>& filters() const { return filters_; }

  private:
    uint32_t id_of(std::span<const sock_filter> program, uint64_t flags);

    std::map<std::pair<std::string, uint64_t>, uint32_t> ids_;
    std::vector<image::SeccompFilter> filters_;
    std::vector<bool> lets_leave_;  // by SeccompFilter.id - 1
};

}  // namespace crtool::dump
