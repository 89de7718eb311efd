// Pipes in a plan: pipe2(2) gives both ends at once, at the two lowest free numbers.
#include "restore/fd_planner.h"

namespace crtool::restore {

// For both directions open(2) waits for nobody; the ends come from there.
void FdPlanner::make_fifo(Table& table, uint32_t pipe) {
    int got = table.model.take_lowest();
    int both = new_stash(table);
    table.plan.open.push_back({FdStep::Do::make_fifo, true, pipe, -1, got});
    move(table, table.plan.open, got, both, true, true);
    for (uint32_t id : pipes_.at(pipe))
        reopen(table, id, both);
}

void FdPlanner::make_pipe(Table& table, uint32_t pipe) {
    if (fifos_.contains(pipe))
        return make_fifo(table, pipe);
    uint32_t reader = 0;
    uint32_t writer = 0;
    std::vector<uint32_t> others;  // a pipe opened once more through /proc, or for both
    for (uint32_t id : pipes_.at(pipe)) {
        uint32_t access = files_.at(id)->flags() & O_ACCMODE;
        uint32_t& end = access == O_WRONLY ? writer : reader;
        if (end == 0 && access != O_RDWR)
            end = id;
        else
            others.push_back(id);
    }
    Target read_target = target_of(table, reader);
    Target write_target = target_of(table, writer);
    if (!others.empty() && read_target.number < 0 && write_target.number < 0)
        read_target.number = new_stash(table);
    int read = table.model.take_lowest();
    int write = table.model.take_lowest();
    bool cloexec = (read == read_target.number && read_target.cloexec) ||
                   (write == write_target.number && write_target.cloexec);
    table.plan.open.push_back({FdStep::Do::make_pipe, cloexec, pipe, read, write});
    place_ends(table, read, write, cloexec, read_target, write_target);
    if (reader != 0 && read_target.number >= 0) {
        table.at[reader] = read_target.number;
        table.plan.open.push_back({FdStep::Do::fill, false, reader, -1, read_target.number});
    }
    if (writer != 0 && write_target.number >= 0) {
        table.at[writer] = write_target.number;
        table.plan.open.push_back({FdStep::Do::fill, false, writer, -1, write_target.number});
    }
    int end = read_target.number >= 0 ? read_target.number : write_target.number;
    for (uint32_t id : others)
        reopen(table, id, end);
}

FdPlanner::Target FdPlanner::target_of(Table& table, uint32_t file) {
    auto own = table.first.find(file);
    if (own != table.first.end())
        return {own->second.fd, own->second.cloexec};
    if (needed_.contains(file))
        return {new_stash(table), true};
    return {-1, true};
}

void FdPlanner::place_ends(Table& table, int read, int write, bool cloexec, const Target& reader,
                           const Target& writer) {
    std::vector<FdStep>& steps = table.plan.open;
    if (reader.number != write) {
        move(table, steps, read, reader.number, cloexec, reader.cloexec);
        move(table, steps, write, writer.number, cloexec, writer.cloexec);
        return;
    }
    // The read end belongs where the write end is: that one goes first, if need be out of the way.
    if (writer.number != read) {
        move(table, steps, write, writer.number, cloexec, writer.cloexec);
        move(table, steps, read, reader.number, cloexec, reader.cloexec);
        return;
    }
    int aside = new_stash(table);
    move(table, steps, write, aside, cloexec, true);
    move(table, steps, read, reader.number, cloexec, reader.cloexec);
    move(table, steps, aside, writer.number, true, writer.cloexec);
}

void FdPlanner::reopen(Table& table, uint32_t file, int end) {
    Target target = target_of(table, file);
    if (target.number < 0)
        return;
    int got = table.model.take_lowest();
    table.plan.open.push_back({FdStep::Do::reopen, target.cloexec, file, end, got});
    move(table, table.plan.open, got, target.number, target.cloexec, target.cloexec);
    table.plan.open.push_back({FdStep::Do::fill, false, file, -1, target.number});
    table.at[file] = target.number;
}

}  // namespace crtool::restore
