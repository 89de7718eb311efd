// An IPC namespace of the tree's own in a restore: see proto/ipc_namespace.proto.
#pragma once

#include <optional>

#include "image/image.h"
#include "sys/namespaces.h"

namespace crtool::restore {

// Before anything is made in it, and before the first task, which inherits it. Nothing when the
// image has none.
class IpcNamespace {
  public:
    // The calling thread is in a new one, for as long as this object lives.
    explicit IpcNamespace(const image::Image& image);

    // All that belongs into it is there: its settings are what they were.
    void finish() const;

  private:
    void raise_limits() const;

    const image::Image& image_;
    std::optional<sys::IpcVisit> visit_;
};

}  // namespace crtool::restore
