// The work behind plan_fds(): fd_plan.cc opens and shares, fd_plan_pipe.cc makes pipes,
// fd_plan_unix.cc unix sockets, fd_plan_epoll.cc adds watches.
#pragma once

#include <fcntl.h>

#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "restore/fd_model.h"
#include "restore/fd_plan.h"

namespace crtool::restore {

class FdPlanner {
  public:
    explicit FdPlanner(const image::Image& image);

    size_t tables() const { return tables_.size(); }

    // In this order; each for all tables before the next.
    void find_owners();
    void find_carried();
    void find_watchers();
    void plan_meetings();
    void plan_open(size_t index);
    void plan_share(size_t index);
    void plan_link(size_t index);
    FdPlan take();

  private:
    static constexpr uint32_t kAsync = O_ASYNC;

    struct Number {
        int fd;
        bool cloexec;
    };

    // A descriptor that a table wants of another's open file.
    struct Want {
        uint32_t file;
        int number;
        bool cloexec;
    };

    struct Table {
        const image::Task* task = nullptr;
        FdModel model;
        TablePlan plan;
        std::unordered_map<uint32_t, Number> first;  // by file: its lowest descriptor here
        std::unordered_map<uint32_t, int> at;        // by file: a number it has now, or a stash's
        std::vector<uint32_t> epolls;                // whose watches this table adds
        std::vector<uint32_t> stash_wants;  // open files that only watches or messages need
        std::vector<uint32_t> extra;        // open files made here that it has no descriptor of
        std::vector<size_t> late;           // units whose queues are filled in the end
        std::vector<int> free_stash;
    };

    void note_async(Table& table);
    void make(Table& table, const image::Fd& fd);
    int new_stash(Table& table);
    // Moves; `to` below 0 closes. `is_cloexec` is what `from` has.
    void move(Table& table, std::vector<FdStep>& steps, int from, int to, bool is_cloexec,
              bool cloexec);
    void copy(Table& table, std::vector<FdStep>& steps, int from, int to, bool cloexec);

    // Pipes.
    struct Target {
        int number = -1;
        bool cloexec = true;
    };

    void make_pipe(Table& table, uint32_t pipe);
    void make_fifo(Table& table, uint32_t pipe);
    Target target_of(Table& table, uint32_t file);
    void place_ends(Table& table, int read, int write, bool cloexec, const Target& reader,
                    const Target& writer);
    void reopen(Table& table, uint32_t file, int end);

    // Unix sockets.
    struct Ends {
        int a = -1;
        int b = -1;
        bool made = false;
    };

    void own_unit(uint32_t file, size_t table);
    void carry(uint32_t file, size_t table, std::vector<size_t>& units);

    bool is_unit(uint32_t file) const { return plan_.sockets.unit_of.contains(file); }

    bool is_late(const UnixUnit& unit) const;
    void make_extra(Table& table, uint32_t file);
    void make_unit(Table& table, uint32_t file);
    void make_one(Table& table, const UnixUnit& unit, Ends& ends);
    void make_two(Table& table, size_t index, Ends& ends);
    void finish_unit(Table& table, std::vector<FdStep>& steps, size_t index);
    void send_queue(Table& table, std::vector<FdStep>& steps, uint32_t to, int from);
    void plan_listens();
    uint32_t listener_task(const image::UnixCreds& creds, uint32_t file) const;

    // Watches.
    void find_watched(const image::OpenFile& epoll, Table& watcher);
    size_t watcher_of(const image::OpenFile& epoll) const;
    void add_watch(Table& table, const image::OpenFile& epoll, int index);
    const image::Fd* descriptor(const Table& table, uint32_t number) const;

    std::unordered_map<uint32_t, const image::OpenFile*> files_;
    std::unordered_map<uint32_t, std::vector<uint32_t>> pipes_;  // open files made with a pipe
    std::unordered_set<uint32_t> fifos_;                         // pipes with a name
    std::vector<Table> tables_;                                  // in the order of the image
    std::unordered_map<uint32_t, size_t> owner_;                 // by file: index of the table
    std::unordered_set<uint32_t> needed_;  // files that another table, or a watch, takes
    std::unordered_set<uint32_t> async_;
    std::unordered_map<uint32_t, size_t> table_of_;  // by pid
    std::unordered_set<uint32_t> alive_;             // tasks that can be asked to do something
    std::vector<Ends> ends_;                         // by unit
    FdPlan plan_;
};

}  // namespace crtool::restore
