// Names of files whose own name was deleted while they have another one (--link-remap). To find one
// may take a walk through the whole file system, so none is sought while the tree is stopped: a
// dump that wants one lets the tree go on, and begins again when the search has ended.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace crtool::dump {

class OtherNames {
  public:
    // A name of the inode `st`, whose deleted one was in `directory`. Empty: there is none that
    // crtool can see. nullopt: to be sought first.
    std::optional<std::string> of(const struct stat& st, const std::string& directory);

    bool any_to_seek() const { return !wanted_.empty(); }

    // Seeks all that was asked for: below their directories, then wherever their file systems are
    // mounted. Nothing may be stopped meanwhile. Ends early when `cancelled`.
    void seek(const std::atomic<bool>& cancelled);

  private:
    void seek_below(const std::string& top, const std::atomic<bool>& cancelled);

    std::map<dev_t, std::set<ino_t>> wanted_;
    std::set<std::string> directories_;                     // of the deleted names
    std::map<std::pair<dev_t, ino_t>, std::string> names_;  // what was sought; empty: has none
};

}  // namespace crtool::dump
