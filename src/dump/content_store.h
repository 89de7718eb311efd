// Content of files without a name (memfd, deleted files, shared memory), one per inode.
//
// While open files are looked at, only the identity is noted; the bytes are copied when the whole
// tree is known to be carried.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "image/page_store.h"
#include "image/writer.h"

namespace crtool::dump {

class ContentStore {
  public:
    // The Content.id of the inode `st`, whose bytes are found under /proc/`task`/`name` (a link
    // like "fd/7" or "map_files/…") for as long as the task is frozen.
    uint32_t id_of(const struct stat& st, pid_t task, std::string name);
    // The same for an inode whose number others may have as well: one more at each call.
    uint32_t add(const struct stat& st, pid_t task, std::string name);

    // Copies all of them and adds the records.
    void save(image::Writer& writer, image::PageWriter& pages) const;

    size_t count() const { return sources_.size(); }

  private:
    struct Source {
        uint32_t id;
        uint64_t size;
        pid_t task;
        std::string name;
    };

    std::map<std::pair<dev_t, ino_t>, uint32_t> ids_;
    std::vector<Source> sources_;
};

}  // namespace crtool::dump
