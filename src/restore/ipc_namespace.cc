// See ipc_namespace.h.
#include "restore/ipc_namespace.h"

#include <algorithm>
#include <vector>

#include "base/fault.h"
#include "restore/sysv_msg.h"
#include "sys/ipc_settings.h"

namespace crtool::restore {

IpcNamespace::IpcNamespace(const image::Image& image) : image_(image) {
    if (image.ipc_namespaces.empty())
        return;
    fault::point("make an IPC namespace");
    visit_.emplace();
    raise_limits();
}

// What there is may be more than the limits have allowed since, and a queue is filled with some
// room to spare.
void IpcNamespace::raise_limits() const {
    for (const auto& saved : image_.ipc_namespaces.front().settings()) {
        const sys::IpcSetting& setting = *sys::find_ipc_setting(saved.name());
        if (!setting.is_limit)
            continue;
        std::vector<uint64_t> values =
            sys::read_ipc_setting(setting).value_or(std::vector<uint64_t>(setting.values, 0));
        for (size_t i = 0; i < values.size(); i++)
            values[i] = std::max(values[i], saved.values(static_cast<int>(i)));
        if (saved.name() == sys::kMsgmnb.name)
            for (const image::SysvMsg& queue : image_.queues)
                values[0] = std::max({values[0], queue.max_bytes(), room_for(queue)});
        sys::write_ipc_setting(setting, values);
    }
}

void IpcNamespace::finish() const {
    if (!visit_)
        return;
    fault::point("set what was set for the IPC namespace");
    for (const auto& saved : image_.ipc_namespaces.front().settings()) {
        std::vector<uint64_t> values(saved.values().begin(), saved.values().end());
        sys::write_ipc_setting(*sys::find_ipc_setting(saved.name()), values);
    }
}

}  // namespace crtool::restore
