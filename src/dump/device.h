// Character devices: which of them can be opened again by name, and why the others cannot.
#pragma once

#include <optional>
#include <string>

#include "dump/fd_probe.h"

namespace crtool::dump {

struct DeviceObstacle {
    std::string reason;  // empty: none
    std::string way_out;
};

// Why an open file of a device (no terminal) is more than its name and its flags.
DeviceObstacle obstacle_of_device(const FdProbe& probe);

// The node in /dev that has the kernel's own name of the device, where it leads to it.
struct DeviceNode {
    std::string path;
    mode_t mode = 0;
};

std::optional<DeviceNode> find_device_node(const FdProbe& probe);

}  // namespace crtool::dump
