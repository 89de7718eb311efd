// What can be set for an IPC namespace in /proc/sys (ipc_namespaces(7)): of the one that the
// calling thread is in. Errors as exceptions.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace crtool::sys {

struct IpcSetting {
    const char* name;  // below /proc/sys
    size_t values;
    bool is_limit = true;
};

inline constexpr IpcSetting kShmRmidForced = {"kernel/shm_rmid_forced", 1, false};

inline constexpr IpcSetting kMsgmnb = {"kernel/msgmnb", 1};

inline constexpr std::array kIpcSettings = {
    IpcSetting{"kernel/shmmax", 1},
    IpcSetting{"kernel/shmall", 1},
    IpcSetting{"kernel/shmmni", 1},
    kShmRmidForced,
    IpcSetting{"kernel/sem", 4},
    IpcSetting{"kernel/msgmax", 1},
    kMsgmnb,
    IpcSetting{"kernel/msgmni", 1},
    IpcSetting{"fs/mqueue/queues_max", 1},
    IpcSetting{"fs/mqueue/msg_max", 1},
    IpcSetting{"fs/mqueue/msgsize_max", 1},
    IpcSetting{"fs/mqueue/msg_default", 1, false},
    IpcSetting{"fs/mqueue/msgsize_default", 1, false},
};

// nullptr: crtool knows none with this name.
constexpr const IpcSetting* find_ipc_setting(std::string_view name) {
    const auto* found = std::ranges::find_if(
        kIpcSettings, [&](const IpcSetting& setting) { return name == setting.name; });
    return found == kIpcSettings.end() ? nullptr : found;
}

// nullopt: the kernel has none (POSIX message queues may be left out of it).
std::optional<std::vector<uint64_t>> read_ipc_setting(const IpcSetting& setting);
void write_ipc_setting(const IpcSetting& setting, std::span<const uint64_t> values);

}  // namespace crtool::sys
