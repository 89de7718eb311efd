// Unix sockets that have a name: made and bound by the coordinator, before any task is.
//
// A name that the tree had on disk is bound there again; a socket that nobody uses any more may be
// in its place, and comes back when the restore fails. Names that were deleted, names of listeners
// that only the restore has, and of senders that are gone are bound in a file system that nobody
// else sees: the kernel keeps the text, and the text is all that a program can get of it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "image/image.h"
#include "restore/files.h"
#include "sys/fd.h"

namespace crtool::restore {

class UnixNames {
  public:
    // Gives a descriptor a number that all tasks inherit.
    using Publish = std::function<int(sys::UniqueFd)>;

    UnixNames(const image::Image& image, const Files& files, Publish publish);
    // Puts back what was on disk, unless keep() was called.
    ~UnixNames();
    UnixNames(const UnixNames&) = delete;
    UnixNames& operator=(const UnixNames&) = delete;

    UnixService take_service() { return std::move(service_); }

    // The tree stands: what was put aside is no longer needed.
    void keep();

  private:
    struct Bound {
        std::string path;
        std::string aside;  // what was there before; empty: nothing
        bool is_made = false;
    };

    void put_back() noexcept;
    void read_own();
    void make_socket(const image::OpenFile& file);
    void make_listener(const struct UnixListener& listener);
    void make_senders(const image::UnixSocket& socket);
    void bind_on_disk(int fd, const image::UnixName& name);
    void bind_by_name(int fd, const image::UnixName& name, Bound& bound);
    void bind_and_move(int fd, const image::UnixName& name, Bound& bound);
    void put_aside(Bound& bound);
    // A name in the same directory that nothing else has.
    std::string name_beside(const std::string& path) const;
    bool is_in_use(const std::string& path);
    // Bound where nobody sees it; where it can be connected to.
    UnixPlace bind_unseen(int fd, const std::string& name);
    UnixPlace place_of(const std::string& path);
    int unseen();

    const Files& files_;
    Publish publish_;
    UnixService service_;
    int unseen_ = -1;
    unsigned count_ = 0;
    std::vector<sys::UniqueFd> sockets_;
    std::unordered_map<std::string, UnixSender> datagram_sockets_;  // by name; held
    std::unordered_map<std::string, int> directories_;              // published
    std::vector<Bound> bound_;
    bool sockets_read_ = false;
    std::set<std::pair<dev_t, uint32_t>> used_;  // files that some socket is bound to
};

}  // namespace crtool::restore
