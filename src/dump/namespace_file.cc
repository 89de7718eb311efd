// Files in /proc/PID/ns: see proto/namespace_file.proto.
#include "dump/namespace_file.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "sys/file_calls.h"
#include "sys/namespaces.h"

namespace crtool::dump {
namespace {

// "uts" of "uts:[4026531838]"; empty: it is no namespace.
std::string_view namespace_name(std::string_view link) {
    std::string_view name = link.substr(0, link.find(":["));
    return std::ranges::find(sys::kNamespaces, name) != sys::kNamespaces.end() ? name : "";
}

}  // namespace

bool matches_namespace_file(const FdProbe& probe) {
    return !namespace_name(probe.link).empty();
}

void dump_namespace_file(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    std::string_view name = namespace_name(probe.link);
    // crtool is in all namespaces of the tree, or the dump is refused.
    auto st = sys::try_stat_at(AT_FDCWD, fmt::format("/proc/thread-self/ns/{}", name), 0);
    if (!st || st->st_dev != probe.st.st_dev || st->st_ino != probe.st.st_ino)
        visit.refuse(
            probe,
            fmt::format("a {} namespace that is not the tree's own, and may end with it", name),
            "close it before the dump");
    file.mutable_namespace_file()->set_name(std::string(name));
}

}  // namespace crtool::dump
