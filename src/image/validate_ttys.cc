// Checks of validate() about terminals: names, sizes of structures, what is unread, and sessions.
//
// The rules are those of tty_ioctl(2): a session has one terminal, which its leader took and its
// members have or have given up; the foreground group is one of the session.
#include <unordered_map>
#include <unordered_set>

#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kTermios = 44;           // struct termios2
constexpr uint32_t kMaxIndex = 1U << 20;  // NR_UNIX98_PTY_MAX
constexpr size_t kMaxUnread = 64 * 1024;  // a queue and the buffers before it
constexpr uint32_t kMaxSize = 0xffff;

void check_unread(const Tty& tty) {
    size_t bytes = tty.input().size() + tty.output().size();
    for (const TtyLine& line : tty.lines()) {
        check_known(line);
        if (line.text().empty() && !line.ended())
            refuse("an unread line is empty and does not end");
        bytes += line.text().size() + 1;
    }
    if (bytes > kMaxUnread)
        refuse("{} bytes are unread in it", bytes);
}

void check_pair(const Tty& tty) {
    check_path(tty.ptmx(), "its ptmx");
    if (tty.index() >= kMaxIndex)
        refuse("its number is {}", tty.index());
    if (tty.mode() > 07777)
        refuse("its mode is {:#o}", tty.mode());
    check_id(tty.uid(), "its user");
    check_id(tty.gid(), "its group");
    if (tty.rows() > kMaxSize || tty.columns() > kMaxSize || tty.xpixel() > kMaxSize ||
        tty.ypixel() > kMaxSize)
        refuse("its size is {} × {}", tty.rows(), tty.columns());
    if (tty.slave() > Tty::OPEN || tty.flow() > Tty::STOPPED_BY_CALL)
        refuse("its state is none that this crtool knows");
    check_unread(tty);
}

void check_tty(const Tty& tty) {
    ErrorContext context("terminal", tty.id());
    check_known(tty);
    if (tty.external())
        return check_path(tty.path(), "its path");
    bool is_unnamed = tty.without_master() && tty.rdev() == 0;
    if (!is_unnamed)
        check_path(tty.path(), "its path");
    if (!tty.without_master() && tty.termios().size() != kTermios)
        refuse("its settings have {} bytes", tty.termios().size());
    if (!tty.device())
        check_pair(tty);
}

void check_sessions(const Index& index) {
    std::unordered_map<uint32_t, uint32_t> session_of_tty;
    std::unordered_map<uint32_t, uint32_t> session_of_group;
    for (const Task& task : index.image().tasks)
        session_of_group.emplace(task.pgid(), task.sid());
    for (const Task& task : index.image().tasks) {
        if (task.terminal() == 0)
            continue;
        ErrorContext context("task", task.pid());
        const Tty* tty = index.tty(task.terminal());
        bool is_fit = tty != nullptr && !tty->without_master() &&
                      (tty->device() || tty->external() || tty->slave() != Tty::NEVER_OPENED);
        if (!is_fit || task.state() == Task::ZOMBIE)
            refuse("it cannot have the terminal {}", task.terminal());
        const Task* leader = index.task(task.sid());
        if (leader == nullptr || leader->terminal() != task.terminal())
            refuse("its terminal {} is not that of its session", task.terminal());
        auto [at, fresh] = session_of_tty.emplace(tty->id(), task.sid());
        if (!fresh && at->second != task.sid())
            refuse("its terminal {} is that of session {}, too", tty->id(), at->second);
        auto group = session_of_group.find(tty->foreground());
        if (group != session_of_group.end() && group->second != task.sid())
            refuse("the foreground group {} of its terminal is in session {}", tty->foreground(),
                   group->second);
    }
}

}  // namespace

void check_ttys(const Index& index) {
    if (index.image().inventory.foreground() >= kMaxPid)
        refuse("the foreground group is {}", index.image().inventory.foreground());
    std::unordered_set<uint32_t> masters;
    std::unordered_set<uint32_t> opened;
    for (const OpenFile& file : index.image().files) {
        opened.insert(file.has_external() ? file.external().tty() : file.terminal().tty());
        if (file.terminal().master() && !masters.insert(file.terminal().tty()).second)
            refuse("open file {} is a second master of terminal {}", file.id(),
                   file.terminal().tty());
    }
    for (const Tty& tty : index.image().ttys) {
        check_tty(tty);
        if (!tty.device() && !tty.external() && !tty.without_master() &&
            !masters.contains(tty.id()))
            refuse("terminal {} has no master", tty.id());
        if (!opened.contains(tty.id()))
            refuse("terminal {} has no open file", tty.id());
        if (tty.foreground() >= kMaxPid)
            refuse("terminal {} has the foreground group {}", tty.id(), tty.foreground());
    }
    check_sessions(index);
}

}  // namespace crtool::image::checks
