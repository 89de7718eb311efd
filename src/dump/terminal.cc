// Terminals: see proto/terminal.proto. What belongs together is found later (terminal_set.h).
#include "dump/terminal.h"

#include <sys/sysmacros.h>

#include "sys/file_calls.h"

namespace crtool::dump {
namespace {

constexpr unsigned kSlaves = 136;   // /dev/pts/N
constexpr unsigned kTerminals = 5;  // 0 /dev/tty, 1 /dev/console, 2 /dev/ptmx

}  // namespace

bool matches_terminal(const FdProbe& probe) {
    if (!S_ISCHR(probe.st.st_mode) || probe.number < 0 || probe.is_path())
        return false;
    unsigned major = gnu_dev_major(probe.st.st_rdev);
    return major == kSlaves || (major == kTerminals && gnu_dev_minor(probe.st.st_rdev) <= 2) ||
           sys::is_terminal(probe.fd);
}

void dump_terminal(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    visit.terminals.add(probe, file);
}

}  // namespace crtool::dump
