// What the user asked of a restore: plain data, filled by src/cli, read everywhere in src/restore.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace crtool::restore {

// What stands for the vdso of the dump: see restore/vdso_plan.h.
enum class VdsoChoice { automatic, map, redirect };

// How closely a file must be the one that was dumped; each asks for more than the one before.
enum class FileValidation {
    none,      // type and device number
    size,      // it may have grown, but not when it is a program
    build_id,  // and a program must be the same build
    strict,    // size and time of change, unless the tree itself was writing
};

// A descriptor that crtool was given, and what it stands for.
struct InheritedFd {
    int fd = -1;
    std::string name;  // a key, an OpenFile.resource, or a path
};

// --tcp-remap: addresses that begin with `bits` bits of `from` begin with those of `to` instead. Of
// IPv4 as ::ffff:a.b.c.d.
struct AddressRule {
    std::array<uint8_t, 16> from{};
    std::array<uint8_t, 16> to{};
    unsigned bits = 128;
};

struct Options {
    std::string images_dir;  // -D: exists and is a directory when restore::run starts
    std::string work_dir;    // -W: --pidfile is relative to it; same as images_dir by default
    std::string root;        // --root: the tree's file system root is looked for here
    std::string pidfile;     // written with the root's pid before anything runs; empty: none

    bool detached = false;       // -d: crtool ends once the tree runs
    bool sibling = false;        // -S: the root becomes a child of crtool's own parent
    bool leave_stopped = false;  // -s
    std::string freeze_cgroup;   // a cgroup to leave the tree frozen in; empty: none
    VdsoChoice vdso = VdsoChoice::automatic;
    bool shell_job = false;  // -j: adopt crtool's session, group and terminal

    bool skip_file_rwx_check = false;  // accept files whose permission bits changed
    FileValidation file_validation = FileValidation::build_id;

    // Permissions: without them an image that has such an object is refused.
    bool tcp_established = false;
    bool tcp_close = false;  // connections to the outside end
    bool ext_unix_sk = false;
    bool file_locks = false;
    std::vector<InheritedFd> inherit;
    std::vector<AddressRule> remaps;

    bool display_stats = false;
};

}  // namespace crtool::restore
