// See other_names.h.
#include "dump/other_names.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "sys/file_calls.h"
#include "sys/file_handle.h"
#include "sys/proc_dir.h"
#include "sys/proc_mountinfo.h"

namespace crtool::dump {
namespace {

// More files than that are no search any more.
constexpr size_t kMostFiles = 2'000'000;

bool is_name_of(const std::string& name, const struct stat& st) {
    auto at = sys::try_stat_at(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
    return at && at->st_dev == st.st_dev && at->st_ino == st.st_ino;
}

}  // namespace

std::optional<std::string> OtherNames::of(const struct stat& st, const std::string& directory) {
    auto known = names_.find({st.st_dev, st.st_ino});
    if (known != names_.end() && (known->second.empty() || is_name_of(known->second, st)))
        return known->second;
    wanted_[st.st_dev].insert(st.st_ino);
    directories_.insert(directory);
    return std::nullopt;
}

void OtherNames::seek(const std::atomic<bool>& cancelled) {
    log::info("Looking for other names of deleted files");
    for (const std::string& directory : directories_)
        seek_below(directory, cancelled);
    for (const sys::MountInfo& mount :
         sys::parse_mountinfo(sys::ProcDir(::getpid()).read("mountinfo")))
        seek_below(mount.mount_point, cancelled);
    for (const auto& [dev, inodes] : wanted_)
        for (ino_t ino : inodes)
            names_[{dev, ino}].clear();
    wanted_.clear();
    directories_.clear();
}

void OtherNames::seek_below(const std::string& top, const std::atomic<bool>& cancelled) {
    auto at = sys::try_stat_at(AT_FDCWD, top, 0);
    auto wanted = at ? wanted_.find(at->st_dev) : wanted_.end();
    if (wanted == wanted_.end())
        return;
    for (auto& [ino, name] : sys::search_inodes(top, wanted->second, kMostFiles, cancelled)) {
        wanted->second.erase(ino);
        names_[{at->st_dev, ino}] = std::move(name);
    }
    if (wanted->second.empty())
        wanted_.erase(wanted);
}

}  // namespace crtool::dump
