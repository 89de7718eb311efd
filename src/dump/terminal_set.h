// Terminals of the tree while descriptors are collected: see proto/terminal.proto.
//
// Which files are the two ends of one pair, and which of them belong to nobody in the tree, can be
// told only when all descriptors are known: resolve() does that.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "dump/fd_probe.h"
#include "dump/options.h"
#include "dump/problems.h"
#include "proto/open_file.pb.h"
#include "proto/terminal.pb.h"
#include "sys/fd.h"

namespace crtool::dump {

struct TaskProbe;

class TerminalSet {
  public:
    // `file` has its id; what else it needs comes with resolve().
    void add(const FdProbe& probe, image::OpenFile& file);

    // Likewise, of a file that the user has named external.
    void add_external(const FdProbe& probe, image::OpenFile& file);

    // Fills Terminal.tty and External.tty of `files` (index: id − 1). What cannot be carried
    // becomes problems.
    void resolve(std::span<image::OpenFile> files, const Options& options, Problems& problems);

    // The settings and contents of all that is the tree's own, by looks as those of looks.h. After
    // resolve().
    void read_own(Problems& problems);

    // Fills Task.terminal and Tty.foreground. After resolve().
    void find_sessions(std::vector<TaskProbe>& tasks, const Options& options, Problems& problems);

    const std::vector<image::Tty>& ttys() const { return ttys_; }

  private:
    struct Entry {
        pid_t task = 0;
        int fd = -1;
        uint32_t file = 0;  // OpenFile.id
        dev_t device = 0;   // what it leads to; 0: it was hung up, and has no number of its own

        struct stat node {};

        bool master = false;
        bool controlling = false;  // opened as /dev/tty
        bool hung_up = false;
        bool external = false;
        std::string link;
    };

    // A pair whose master is in the tree, or a device; the same index as ttys_.
    struct Known {
        Entry from;          // the master; for a device, the first file
        dev_t instance = 0;  // of devpts
        pid_t session = 0;
        bool has_slave = false;  // a living slave in the tree
    };

    static Entry entry_of(const FdProbe& probe, const image::OpenFile& file);
    void add_pair(const Entry& master, Problems& problems);
    void read_one(image::Tty& tty, Problems& problems) const;
    // 0: it needs no record.
    uint32_t external_tty(const Entry& entry);
    // nullptr: no terminal of the tree, or a problem.
    image::Tty* tty_of(const Entry& entry, const Options& options, Problems& problems);
    image::Tty* outside_tty(const Entry& entry, const Options& options, Problems& problems);
    image::Tty* hung_up_tty(const Entry& entry, Problems& problems);
    image::Tty* device_tty(const Entry& entry, Problems& problems);
    image::Tty& new_tty(Known known, dev_t device);
    const image::Tty* terminal_of(dev_t device, pid_t session) const;
    void check_session(const image::Tty& tty, bool is_outside, Problems& problems) const;
    void refuse(const Entry& entry, std::string reason, std::string way_out, Problems& problems,
                Lasts lasts = Lasts::on) const;

    std::vector<Entry> entries_;
    std::vector<Known> known_;
    std::vector<image::Tty> ttys_;
    std::map<uint32_t, uint32_t> by_master_;    // OpenFile.id → Tty.id
    std::multimap<dev_t, uint32_t> by_device_;  // device → Tty.id
};

}  // namespace crtool::dump
