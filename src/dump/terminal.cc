// The terminal of a shell job: see proto/terminal.proto.
#include "dump/terminal.h"

#include "sys/file_calls.h"

namespace crtool::dump {
namespace {

// /dev/ptmx, and what an open of it gives.
constexpr dev_t kMaster = device_number(5, 2);

}  // namespace

bool matches_terminal(const FdProbe& probe) {
    return S_ISCHR(probe.st.st_mode) && probe.number >= 0 && !probe.is_path() &&
           sys::is_terminal(probe.fd);
}

void dump_terminal(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    image::Terminal& terminal = *file.mutable_terminal();
    terminal.set_path(probe.link);
    terminal.set_rdev(probe.st.st_rdev);
    terminal.set_controlling(probe.link == "/dev/tty");
    if (probe.st.st_rdev == kMaster)
        visit.refuse(probe, "the master of a pseudo-terminal, which is not carried yet", "");
    else if (!visit.options.shell_job)
        visit.refuse(probe, "a terminal that is not part of the tree",
                     "with --shell-job the restored tree gets the terminal of crtool restore");
}

}  // namespace crtool::dump
