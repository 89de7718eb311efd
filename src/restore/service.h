// Service descriptors: what the coordinator holds open for all tasks, under numbers that no saved
// descriptor has. See context.h.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "restore/context.h"
#include "restore/files.h"
#include "restore/inet_sockets.h"
#include "restore/inherit.h"
#include "restore/posix_mqueue_set.h"
#include "restore/tun.h"
#include "restore/unix_names.h"
#include "sys/fd.h"

namespace crtool::restore {

class Service {
  public:
    // Opens everything; `pages_fd` stays the caller's. While the object lives tasks find the write
    // end of the control pipe open; when it goes, waiting ones end.
    Service(const image::Image& image, Files& files, int pages_fd, const InetSockets& inet,
            const TunDevices& tuns, const Inherited& inherited, const PosixMqueues& mqueues);

    const ServiceNumbers& numbers() const { return numbers_; }

    // Completes the open files that are made here: when the tasks have opened all of theirs.
    void finish_made(const image::Image& image) const;

    // The tree stands: what the restore has changed on disk stays.
    void keep() { names_->keep(); }

  private:
    // Every task inherits it, under the number that is returned.
    int publish(sys::UniqueFd fd);
    // It stays with the coordinator.
    int hold(sys::UniqueFd fd);
    void publish_coordinator();
    void make_control();
    void publish_contents(const image::Image& image, Files& files, int pages_fd);
    void publish_made(const image::Image& image);
    void publish_mapped(const image::Image& image);
    void publish_terminals(const image::Image& image);
    void publish_inherited(const Inherited& inherited);
    void hand_to_files(Files& files);

    ServiceNumbers numbers_;
    ServiceFds for_files_;
    sys::UniqueFd control_write_;
    std::vector<sys::UniqueFd> fds_;
    std::vector<sys::UniqueFd> held_;
    std::unique_ptr<UnixNames> names_;
};

}  // namespace crtool::restore
