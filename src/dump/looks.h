// Looks that change their object for a moment: what is unread in a queue can be seen only from an
// offset that is set (SO_PEEK_OFF), or by taking it out and putting it back.
//
// They wait until all threads of the tree are at rest in crtool's code, and are then done apart
// (sys/apart.h): when crtool is killed meanwhile, the object is first made again what it was; only
// then its descriptors go, and with them the control sockets, and the tree goes on.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "dump/fd_probe.h"
#include "proto/open_file.pb.h"
#include "sys/fd.h"

namespace crtool::dump {

struct FileVisit;

class Looks {
  public:
    // What is still to be filled in `file`.
    using Look =
        std::function<void(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file)>;

    // A look at open file `id`. Keeps a copy of its descriptor, and what is known of it but for the
    // lines of its fdinfo.
    void add(const FdProbe& probe, uint32_t id, Look look);

    // Does all of them. `files`: by id − 1.
    void run(const FileVisit& visit, std::vector<image::OpenFile>& files);

  private:
    struct Waiting {
        FdProbe probe;
        sys::UniqueFd fd;
        uint32_t id;
        Look look;
    };

    std::vector<Waiting> waiting_;
};

}  // namespace crtool::dump
