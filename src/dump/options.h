// What the user asked of a dump: plain data, filled by src/cli, read everywhere in src/dump.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace crtool::dump {

// What becomes of the tree once its image is complete.
enum class After { kill, run, stop };

// What is not to be in the image, since the restore will be given it.
struct ExternalName {
    std::string resource;  // as OpenFile.resource; empty: by the following
    pid_t task = 0;
    int fd = -1;
    std::string key;
};

// How much of the cgroup tree goes into the image (--manage-cgroups).
enum class ManageCgroups { none, props, soft, full, strict, ignore };

struct Options {
    pid_t tree = 0;          // -t: the root of the tree
    std::string images_dir;  // -D: exists and is a directory when dump::run starts
    std::string work_dir;    // -W: logs and the like; same as images_dir by default
    After after = After::kill;
    bool overwrite = false;  // an image in images_dir is replaced as a whole

    bool shell_job = false;  // -j: session, group and terminal may be led from outside the tree
    std::chrono::seconds timeout{10};  // for the tree to stop; 0: wait without end
    std::string freeze_cgroup;         // directory of a cgroup whose freezer stops the tree

    // Permissions: without them a tree that has such an object is refused.
    bool tcp_established = false;
    bool tcp_close = false;       // connections to the outside end
    bool skip_in_flight = false;  // connections that wait to be accepted are left out
    bool ext_unix_sk = false;
    bool file_locks = false;
    bool link_remap = false;
    bool evasive_devices = false;
    uint64_t ghost_limit = 1 << 20;  // greatest deleted file that is stored, in bytes
    ManageCgroups manage_cgroups = ManageCgroups::none;
    std::vector<ExternalName> external;

    bool file_validation_build_id = true;  // else only the size of mapped files is remembered
    bool display_stats = false;
};

}  // namespace crtool::dump
