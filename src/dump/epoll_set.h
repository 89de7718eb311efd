// Epoll instances of the tree while descriptors are collected: which open files they watch.
//
// An entry tells the number that its file had when it was added. The number may be closed or mean
// another file by now, and kcmp(KCMP_EPOLL_TFD), which knows, walks through the interest list from
// its start. A socket is therefore told by its inode, which no other open file has; for others the
// file that has the number now is tried before all others are.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dump/fd_probe.h"
#include "dump/problems.h"
#include "proto/open_file.pb.h"
#include "proto/task.pb.h"

namespace crtool::dump {

struct TaskProbe;

class EpollSet {
  public:
    // An open file that may be watched. What is no descriptor cannot be.
    void add_file(const FdProbe& probe, uint32_t id);
    // A new instance; `probe` has its fdinfo.
    void add_instance(const FdProbe& probe, image::OpenFile& file);

    // When all files are known: EpollWatch.file of all instances.
    void resolve(const std::vector<TaskProbe>& tasks, std::vector<image::OpenFile>& files,
                 Problems& problems);

  private:
    using Inode = std::pair<uint64_t, uint64_t>;  // st_dev as fdinfo has it, st_ino

    // One open file and a descriptor by which it can be had again.
    struct Known {
        pid_t task;
        int fd;
        uint32_t id;
    };

    struct Instance {
        Known at;
        std::vector<Inode> inodes;  // of each watch
    };

    void resolve_one(const Instance& instance, const image::Task* owner, image::Epoll& epoll,
                     Problems& problems);
    // 0: not in the tree.
    uint32_t by_number(const Known& epoll, const image::Task* owner, int number, unsigned index);
    uint32_t by_order(const Known& epoll, int number, unsigned index);

    std::vector<Instance> instances_;
    std::map<Inode, uint32_t> sockets_;
    std::vector<Known> files_;
    bool ordered_ = false;  // files_ is in the order of kcmp
};

}  // namespace crtool::dump
