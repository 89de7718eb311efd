// See device.h. Numbers of most devices are the kernel's choice: they are known by their names in
// sysfs.
#include "dump/device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sys/fd.h"
#include "sys/file_calls.h"

namespace crtool::dump {
namespace {

// Fixed numbers, found without a look at sysfs. Their open files hold nothing.
constexpr std::array kPlainDevices = {
    device_number(1, 1),  // mem
    device_number(1, 3),  // null
    device_number(1, 4),  // port
    device_number(1, 5),  // zero
    device_number(1, 7),  // full
    device_number(1, 8),  // random
    device_number(1, 9),  // urandom
};

// Nor do these: each ioctl(2) or read(2) stands for itself, or makes another descriptor.
constexpr std::array<std::string_view, 8> kPlainNames = {
    "hwrng",          "kvm",         "loop-control", "btrfs-control",
    "mapper/control", "userfaultfd", "vsock",        "nvram",
};
constexpr std::array<std::string_view, 2> kPlainPrefixes = {"cpu/", "vcs"};  // msr, cpuid

struct Row {
    std::string_view prefix;
    std::string_view reason;
};

constexpr std::array kRows = {
    Row{"fuse", "a FUSE connection, which ends with its descriptor"},
    Row{"rtc", "a real-time clock, whose interrupts and unread ticks the kernel does not show"},
    Row{"watchdog", "a watchdog, which runs out when it is closed"},
    Row{"cpu_dma_latency", "a wish for latency, which ends with its descriptor"},
    Row{"uinput", "an input device, which goes with its descriptor"},
    Row{"input/", "events of an input device, which only this descriptor has"},
    Row{"autofs", "a control of automounts, with state of its own"},
};

// DEVNAME, as udev has it too; empty: the kernel has not said.
std::string name_of(dev_t device, mode_t mode) {
    auto text = sys::try_read_file_at(
        AT_FDCWD, fmt::format("/sys/dev/{}/{}:{}/uevent", S_ISBLK(mode) ? "block" : "char",
                              gnu_dev_major(device), gnu_dev_minor(device)));
    constexpr std::string_view kKey = "DEVNAME=";
    size_t at = text ? text->find(kKey) : std::string::npos;
    if (at == std::string::npos)
        return {};
    at += kKey.size();
    return text->substr(at, text->find('\n', at) - at);
}

bool is_plain(std::string_view name) {
    return std::ranges::find(kPlainNames, name) != kPlainNames.end() ||
           std::ranges::any_of(kPlainPrefixes,
                               [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

DeviceObstacle obstacle_of_device(const FdProbe& probe) {
    dev_t device = probe.st.st_rdev;
    if (!S_ISCHR(probe.st.st_mode) || probe.is_path() ||
        std::ranges::find(kPlainDevices, device) != kPlainDevices.end())
        return {};
    std::string name = name_of(device, probe.st.st_mode);
    // A writer of the log of the kernel has nothing of its own.
    if (is_plain(name) || (name == "kmsg" && !probe.is_readable()))
        return {};
    std::string way_out = fmt::format(
        "close it before the dump, or give another to the restore (--external fd[{}:{}]=KEY)",
        probe.task, probe.number);
    if (name == "kmsg")
        return {"a reader of the kernel's log, whose place in it the kernel does not tell",
                way_out};
    for (const Row& row : kRows)
        if (name.starts_with(row.prefix))
            return {std::string(row.reason), way_out};
    return {fmt::format("a device ({}) that may hold state of its own",
                        name.empty()
                            ? fmt::format("{}:{}", gnu_dev_major(device), gnu_dev_minor(device))
                            : name),
            way_out};
}

std::optional<DeviceNode> find_device_node(const FdProbe& probe) {
    std::string name = name_of(probe.st.st_rdev, probe.st.st_mode);
    if (name.empty())
        return std::nullopt;
    name.insert(0, "/dev/");
    auto found = sys::try_stat_at(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
    if (!found || found->st_rdev != probe.st.st_rdev ||
        (found->st_mode & S_IFMT) != (probe.st.st_mode & S_IFMT))
        return std::nullopt;
    return DeviceNode{name, found->st_mode};
}

}  // namespace crtool::dump
