// Namespaces (namespaces(7)), errors as exceptions.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.h"

namespace crtool::sys {

// Names in /proc/PID/ns, without those that are another way to one of them.
inline constexpr std::array<std::string_view, 8> kNamespaces = {"cgroup", "ipc",  "mnt",  "net",
                                                                "pid",    "time", "user", "uts"};

// While it lives, the calling thread is in another IPC namespace.
class IpcVisit {
  public:
    // In a new one.
    IpcVisit();
    // In that of the open file `target` (/proc/PID/ns/ipc).
    explicit IpcVisit(int target);
    ~IpcVisit();
    IpcVisit(const IpcVisit&) = delete;
    IpcVisit& operator=(const IpcVisit&) = delete;

  private:
    UniqueFd home_;
};

// Names of the POSIX message queues (mq_overview(7)) of the calling thread's IPC namespace.
std::vector<std::string> list_posix_queues();

}  // namespace crtool::sys
