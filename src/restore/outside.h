// What the coordinator does to restored tasks, or for them, from outside.
#pragma once

#include <string>

#include "restore/context.h"

namespace crtool::restore {

// oom_score_adj and coredump_filter, where they differ from the inherited ones. All tasks exist.
void write_proc_settings(const Context& ctx);

// Seals of memfds: when all content and all mappings are in place.
void add_seals(const Context& ctx);

// A directory for core dumps of zombies that had one, while it is needed.
class CoreDirectory {
  public:
    // Makes none unless some zombie dumps core into its working directory (core(5)).
    explicit CoreDirectory(const image::Image& image);
    ~CoreDirectory();
    CoreDirectory(const CoreDirectory&) = delete;
    CoreDirectory& operator=(const CoreDirectory&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// --pidfile; removed again unless kept.
class PidFile {
  public:
    PidFile(const Options& options, pid_t root);
    ~PidFile();
    PidFile(const PidFile&) = delete;
    PidFile& operator=(const PidFile&) = delete;

    void keep() { path_.clear(); }

  private:
    std::string path_;
};

}  // namespace crtool::restore
