// See freeze.h.
#include "restore/freeze.h"

#include <fcntl.h>

#include <chrono>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/fd.h"

namespace crtool::restore {
namespace {

constexpr std::chrono::seconds kPatience{5};

}  // namespace

Freeze::Freeze(const Options& options) {
    if (!options.freeze_cgroup.empty())
        freezer_.emplace(options.freeze_cgroup);
}

Freeze::~Freeze() {
    if (!taken_)
        return;
    try {
        freezer_->thaw();
    } catch (const Error& error) {
        log::warn("cgroup {}: {}", freezer_->directory(), error.what());
    }
}

void Freeze::take(const Context& ctx) {
    if (!freezer_)
        return;
    fault::point("freeze the restored tree");
    std::string procs = freezer_->directory() + "/cgroup.procs";
    for (const image::Task& task : ctx.image.tasks) {
        // A zombie is not moved any more, and cannot run either.
        if (task.state() == image::Task::ZOMBIE)
            continue;
        ErrorContext context("move into the cgroup task", task.pid());
        sys::write_all(sys::open_at(AT_FDCWD, procs, O_WRONLY).get(), std::to_string(task.pid()));
    }
    taken_ = true;
    freezer_->freeze();
}

void Freeze::keep() {
    if (!freezer_)
        return;
    taken_ = false;
    if (!freezer_->wait_frozen(kPatience))
        log::warn("cgroup {} does not freeze", freezer_->directory());
}

}  // namespace crtool::restore
