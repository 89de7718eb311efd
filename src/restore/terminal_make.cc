// See terminal_make.h. The order inside of a pair: files that were hung up are opened and hung up;
// then come settings, the files that live, content, and last what would stand in the way of all
// that: held output, exclusive mode, packet mode, the lock.
#include "restore/terminal_make.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/fault.h"
#include "sys/file_calls.h"
#include "sys/file_make.h"
#include "sys/tty.h"
#include "sys/tty_queue.h"

namespace crtool::restore {
namespace {

// How often an index is tried for that somebody has.
constexpr int kPatience = 200;
constexpr std::chrono::milliseconds kPause{5};

// The open files of one terminal.
struct TtyFiles {
    const image::OpenFile* master = nullptr;
    std::vector<const image::OpenFile*> hung_up;
    std::vector<const image::OpenFile*> living;  // not the master
    bool controls = false;                       // it is the controlling terminal of a task
};

int open_flags(const image::OpenFile& file) {
    return static_cast<int>(file.flags() & ~static_cast<uint32_t>(O_ASYNC)) | O_NOCTTY;
}

class Maker {
  public:
    explicit Maker(const image::Image& image);

    MadeTerminals make();

  private:
    void open_masters(const std::string& ptmx, std::vector<const image::Tty*> ttys);
    const image::Tty* try_open_masters(const std::string& ptmx,
                                       const std::vector<const image::Tty*>& ttys);
    sys::UniqueFd give_flags(const image::Tty& tty, sys::UniqueFd master) const;
    void make_pair(const image::Tty& tty);
    void make_device(const image::Tty& tty);
    void make_hung_up(const image::Tty& tty, const std::string& path);
    void open_living(const image::Tty& tty, int slave);
    void fill(const image::Tty& tty, int master, int slave);

    const image::Image& image_;
    std::unordered_map<uint32_t, TtyFiles> files_;         // by Tty.id
    std::unordered_map<uint32_t, sys::UniqueFd> masters_;  // likewise
    MadeTerminals made_;
};

Maker::Maker(const image::Image& image) : image_(image) {
    for (const image::OpenFile& file : image.files) {
        if (file.terminal().tty() == 0)
            continue;
        TtyFiles& files = files_[file.terminal().tty()];
        if (file.terminal().master())
            files.master = &file;
        else
            (file.terminal().hung_up() ? files.hung_up : files.living).push_back(&file);
    }
    for (const image::Task& task : image.tasks)
        if (task.terminal() != 0)
            files_[task.terminal()].controls = true;
}

MadeTerminals Maker::make() {
    std::map<std::string, std::vector<const image::Tty*>> by_ptmx;
    for (const image::Tty& tty : image_.ttys)
        if (!tty.device() && !tty.external())
            by_ptmx[tty.ptmx()].push_back(&tty);
    for (auto& [ptmx, ttys] : by_ptmx)
        open_masters(ptmx, std::move(ttys));
    for (const image::Tty& tty : image_.ttys) {
        if (tty.external())
            continue;
        ErrorContext context("terminal", tty.index());
        fault::point("make a terminal");
        if (tty.device())
            make_device(tty);
        else
            make_pair(tty);
    }
    return std::move(made_);
}

// Somebody who looks for an index of his own, like this, has many others for a moment.
void Maker::open_masters(const std::string& ptmx, std::vector<const image::Tty*> ttys) {
    std::ranges::sort(ttys, {}, [](const image::Tty* tty) { return tty->index(); });
    for (int step = 0;; step++) {
        fault::point("open the masters");
        const image::Tty* taken = try_open_masters(ptmx, ttys);
        if (taken == nullptr)
            return;
        for (const image::Tty* tty : ttys)
            masters_.erase(tty->id());
        if (step == kPatience)
            fail_errno(EEXIST, "{} is another's terminal now; close that one, and restore again",
                       taken->path());
        std::this_thread::sleep_for(kPause);
    }
}

// The kernel gives the lowest free index: all below the highest wanted one are taken, and those
// that nobody wants are given back. The first that is not to be had; nullptr: none.
const image::Tty* Maker::try_open_masters(const std::string& ptmx,
                                          const std::vector<const image::Tty*>& ttys) {
    std::vector<sys::UniqueFd> spares;
    for (const image::Tty* tty : ttys) {
        for (;;) {
            sys::UniqueFd master = sys::open_at(AT_FDCWD, ptmx, O_RDWR | O_NONBLOCK | O_NOCTTY);
            unsigned index = sys::pty_index(master.get());
            // What is left of a hung-up /dev/tty has no number of its own.
            if (index == tty->index() || tty->rdev() == 0) {
                masters_[tty->id()] = give_flags(*tty, std::move(master));
                break;
            }
            if (index > tty->index())
                return tty;
            spares.push_back(std::move(master));
        }
        if (!masters_[tty->id()].valid())
            return tty;
    }
    return nullptr;
}

// A master with other access is opened anew: the index that is given up comes back at once, or
// somebody else has it, and nothing is returned.
sys::UniqueFd Maker::give_flags(const image::Tty& tty, sys::UniqueFd master) const {
    auto at = files_.find(tty.id());
    const image::OpenFile* file = at == files_.end() ? nullptr : at->second.master;
    if (file == nullptr)
        return master;
    if ((file->flags() & O_ACCMODE) != O_RDWR) {
        master.reset();
        master = sys::open_at(AT_FDCWD, tty.ptmx(), open_flags(*file) | O_NONBLOCK);
        if (sys::pty_index(master.get()) != tty.index())
            return {};
    }
    return master;
}

void check_node(const std::string& path, uint64_t rdev) {
    auto node = sys::try_stat_at(AT_FDCWD, path, 0);
    if (!node || !S_ISCHR(node->st_mode) || node->st_rdev != rdev)
        fail(Errc::unsupported, "{} is not the terminal here that it was at the dump", path);
}

void Maker::make_pair(const image::Tty& tty) {
    sys::UniqueFd master = std::move(masters_.at(tty.id()));
    sys::set_locked(master.get(), false);
    std::string path = tty.path();
    if (tty.rdev() == 0) {
        path = fmt::format("/dev/pts/{}", sys::pty_index(master.get()));
    } else {
        check_node(path, tty.rdev());
        sys::set_node(path, tty.mode(), tty.uid(), tty.gid());
    }
    make_hung_up(tty, path);
    if (tty.without_master())
        return;
    sys::set_termios(master.get(), tty.termios());
    sys::set_window_size(
        master.get(), {static_cast<uint16_t>(tty.rows()), static_cast<uint16_t>(tty.columns()),
                       static_cast<uint16_t>(tty.xpixel()), static_cast<uint16_t>(tty.ypixel())});
    if (tty.slave() != image::Tty::NEVER_OPENED) {
        sys::UniqueFd slave = sys::open_at(AT_FDCWD, path, O_RDWR | O_NONBLOCK | O_NOCTTY);
        open_living(tty, slave.get());
        fill(tty, master.get(), slave.get());
        if (files_.at(tty.id()).controls)
            made_.slaves[tty.id()] = std::move(slave);
    }
    if (tty.master_exclusive())
        sys::set_exclusive(master.get());
    if (tty.packet())
        sys::set_packet_mode(master.get(), true);
    if (tty.locked())
        sys::set_locked(master.get(), true);
    const image::OpenFile& file = *files_.at(tty.id()).master;
    sys::set_status_flags(master.get(), file.flags() & ~static_cast<uint32_t>(O_ASYNC));
    made_.files[file.id()] = std::move(master);
}

// What hangs up here is the slave; a master that is not needed is closed afterwards, which does the
// same.
void Maker::make_hung_up(const image::Tty& tty, const std::string& path) {
    const std::vector<const image::OpenFile*>& files = files_[tty.id()].hung_up;
    if (files.empty())
        return;
    sys::UniqueFd slave = sys::open_at(AT_FDCWD, path, O_RDWR | O_NONBLOCK | O_NOCTTY);
    for (const image::OpenFile* file : files) {
        bool controlling = file->terminal().controlling();
        made_.files[file->id()] = controlling
                                      ? sys::open_controlling(slave.get(), open_flags(*file))
                                      : sys::open_at(AT_FDCWD, path, open_flags(*file));
    }
    sys::hang_up(slave.get());
}

void Maker::open_living(const image::Tty& tty, int slave) {
    for (const image::OpenFile* file : files_.at(tty.id()).living)
        made_.files[file->id()] =
            file->terminal().controlling()
                ? sys::open_controlling(slave, open_flags(*file))
                : sys::open_at(AT_FDCWD, file->terminal().path(), open_flags(*file));
}

void Maker::fill(const image::Tty& tty, int master, int slave) {
    sys::TtyInput input;
    for (const image::TtyLine& line : tty.lines())
        input.lines.push_back({line.text(), line.ended()});
    input.rest = tty.input();
    sys::put_input(master, slave, input);
    sys::put_output(master, slave, tty.output());
    if (tty.flow() != image::Tty::RUNNING)
        sys::put_flow(master, slave,
                      tty.flow() == image::Tty::STOPPED_BY_KEY ? sys::TtyFlow::stopped_by_key
                                                               : sys::TtyFlow::stopped_by_call);
    if (tty.exclusive())
        sys::set_exclusive(slave);
}

// A serial line without a carrier would make open(2) wait.
void Maker::make_device(const image::Tty& tty) {
    sys::UniqueFd device = sys::open_at(AT_FDCWD, tty.path(), O_RDWR | O_NONBLOCK | O_NOCTTY);
    if (sys::tty_device(device.get()) != tty.rdev())
        fail(Errc::unsupported, "{} is not the terminal here that it was at the dump", tty.path());
    // Others may stand on it as well: their settings stay, unless it is the tree's own.
    if (files_.at(tty.id()).controls)
        sys::set_termios(device.get(), tty.termios());
    for (const image::OpenFile* file : files_.at(tty.id()).living) {
        const image::Terminal& terminal = file->terminal();
        if (terminal.controlling()) {
            made_.files[file->id()] = sys::open_controlling(device.get(), open_flags(*file));
            continue;
        }
        check_node(terminal.path(), terminal.rdev());
        sys::UniqueFd fd = sys::open_at(AT_FDCWD, terminal.path(), open_flags(*file) | O_NONBLOCK);
        if ((file->flags() & O_NONBLOCK) == 0)
            sys::set_status_flags(fd.get(), file->flags() & ~static_cast<uint32_t>(O_ASYNC));
        made_.files[file->id()] = std::move(fd);
    }
    if (files_.at(tty.id()).controls)
        made_.slaves[tty.id()] = std::move(device);
}

}  // namespace

MadeTerminals make_terminals(const image::Image& image) {
    if (image.ttys.empty())
        return {};
    return Maker(image).make();
}

}  // namespace crtool::restore
