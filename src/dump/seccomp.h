// Seccomp filter programs, each stored once however many threads run under it.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "proto/thread.pb.h"

namespace crtool::dump {

class SeccompTable {
  public:
    // Reads the filter chain of a stopped thread and names its filters in `record`, oldest first.
    void record_chain(pid_t tid, image::Thread& record);

    const std::vector<image::SeccompFilter>& filters() const { return filters_; }

  private:
    uint32_t id_of(const std::string& program, uint64_t flags);

    std::map<std::pair<std::string, uint64_t>, uint32_t> ids_;
    std::vector<image::SeccompFilter> filters_;
};

}  // namespace crtool::dump
