// POSIX message queues of the tree while descriptors are collected.
//
// add() comes with each open file of one, look() when all are known, ask() when crtool is at work
// in the tasks: it is only there that messages can be read (posix_mqueue_script.h).
#pragma once

#include <sys/stat.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dump/fd_probe.h"
#include "dump/posix_mqueue_script.h"
#include "dump/problems.h"
#include "dump/task_probe.h"
#include "proto/posix_mqueue.pb.h"
#include "sys/posix_mqueue.h"

namespace crtool::dump {

class PosixMqueueSet {
  public:
    // The PosixMqueue.id of the queue that open file `file` is of.
    uint32_t add(const FdProbe& probe, uint32_t file);

    // Of a queue that nobody needs to have open; the calling thread is in its IPC namespace. `task`
    // stands for it in messages.
    void add_named(const std::string& name, pid_t task);

    // Open file `file` is a netlink socket with nothing in its queue, that holds so many bytes of
    // memory all the same: cookies of registrations by SIGEV_THREAD.
    void add_holder(uint32_t file, uint32_t bytes) { holders_[file] = bytes; }

    // All that can be told from outside of those that were added since the last time. What cannot
    // be carried becomes a problem.
    void look(std::span<const TaskProbe> tasks, Problems& problems);

    // Room in the arena of a task.
    uint64_t bytes(const TaskProbe& task) const;
    // Reads what is in the queues; every session has done its other questions.
    void ask(std::vector<TaskProbe>& tasks, Problems& problems);

    const std::vector<image::PosixMqueue>& records() const { return records_; }

  private:
    struct Entry {
        pid_t task = 0;
        std::string object;  // for messages
        std::string name;
        sys::UniqueFd fd;  // crtool's own, for both directions

        struct stat st {};

        std::vector<uint32_t> files;
        std::optional<MqueueQuestion> question;
        pid_t asked = 0;  // the task that it is put to
    };

    void look_at(Entry& entry, image::PosixMqueue& record, std::span<const TaskProbe> tasks,
                 Problems& problems);
    void look_at_notify(Entry& entry, const sys::MqueueNotify& notify, image::PosixMqueue& record,
                        std::span<const TaskProbe> tasks, Problems& problems) const;
    std::vector<int> holders_in(const image::Task& table) const;
    void check_holders(std::span<const TaskProbe> tasks, Problems& problems) const;
    void look_outside(std::span<const TaskProbe> tasks);
    pid_t user_outside(const Entry& entry, std::span<const TaskProbe> tasks);
    void ask_one(Entry& entry, image::PosixMqueue& record, TaskProbe& task);

    std::map<std::pair<dev_t, ino_t>, uint32_t> ids_;
    size_t looked_ = 0;                                              // how many entries
    std::map<uint32_t, uint32_t> holders_;                           // memory by OpenFile.id
    std::vector<Entry> entries_;                                     // index: id − 1
    std::vector<image::PosixMqueue> records_;                        // likewise
    std::optional<std::map<std::pair<dev_t, ino_t>, pid_t>> users_;  // outside of the tree
};

}  // namespace crtool::dump
