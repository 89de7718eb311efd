// See fd_plan.h.
#include "restore/fd_plan.h"

#include <algorithm>

#include "restore/fd_planner.h"

namespace crtool::restore {

FdPlan plan_fds(const image::Image& image) {
    FdPlanner planner(image);
    planner.find_owners();
    planner.find_carried();
    planner.find_watchers();
    planner.plan_meetings();
    for (size_t table = 0; table < planner.tables(); table++)
        planner.plan_open(table);
    for (size_t table = 0; table < planner.tables(); table++)
        planner.plan_share(table);
    for (size_t table = 0; table < planner.tables(); table++)
        planner.plan_link(table);
    return planner.take();
}

FdPlanner::FdPlanner(const image::Image& image) {
    std::unordered_set<uint32_t> unconnected;
    for (const image::Pipe& pipe : image.pipes) {
        if (!pipe.path().empty())
            fifos_.insert(pipe.id());
        if (pipe.unconnected())
            unconnected.insert(pipe.id());
    }
    for (const image::OpenFile& file : image.files) {
        files_[file.id()] = &file;
        if (file.has_pipe() && !unconnected.contains(file.pipe().pipe()))
            pipes_[file.pipe().pipe()].push_back(file.id());
    }
    plan_.sockets = plan_unix(image);
    ends_.resize(plan_.sockets.units.size());
    for (const image::Task& task : image.tasks) {
        if (task.state() != image::Task::ZOMBIE)
            alive_.insert(task.pid());
        if (task.fds().empty())
            continue;
        Table& table = tables_.emplace_back();
        table.task = &task;
        table_of_[task.pid()] = tables_.size() - 1;
        for (const image::Fd& fd : task.fds()) {
            int number = static_cast<int>(fd.fd());
            table.first.try_emplace(fd.file(), Number{number, fd.cloexec()});
        }
    }
}

void FdPlanner::find_owners() {
    for (size_t i = 0; i < tables_.size(); i++) {
        for (const image::Fd& fd : tables_[i].task->fds()) {
            const image::OpenFile& file = *files_.at(fd.file());
            if (is_unit(fd.file()))
                own_unit(fd.file(), i);
            auto [at, is_new] = owner_.try_emplace(fd.file(), i);
            if (!is_new) {
                if (at->second != i)
                    needed_.insert(fd.file());
                continue;
            }
            if (pipes_.contains(file.pipe().pipe())) {
                for (uint32_t end : pipes_.at(file.pipe().pipe()))
                    owner_.try_emplace(end, i);
            }
        }
        note_async(tables_[i]);
    }
}

// A file of which an end was made elsewhere has its owner there, but its own first table here.
void FdPlanner::note_async(Table& table) {
    for (const image::Fd& fd : table.task->fds()) {
        const image::OpenFile& file = *files_.at(fd.file());
        bool is_async = file.has_owner() || (file.flags() & kAsync) != 0;
        if (is_async && async_.insert(file.id()).second)
            table.plan.async.push_back({file.id(), static_cast<int>(fd.fd())});
    }
}

void FdPlanner::make(Table& table, const image::Fd& fd) {
    int wanted = static_cast<int>(fd.fd());
    int got = table.model.take_lowest();
    table.plan.open.push_back({FdStep::Do::make, fd.cloexec(), fd.file(), wanted, got});
    move(table, table.plan.open, got, wanted, fd.cloexec(), fd.cloexec());
    table.plan.open.push_back({FdStep::Do::fill, false, fd.file(), -1, wanted});
    table.at[fd.file()] = wanted;
}

void FdPlanner::plan_open(size_t index) {
    Table& table = tables_[index];
    for (const image::Fd& fd : table.task->fds()) {
        if (owner_.at(fd.file()) != index)
            continue;
        int wanted = static_cast<int>(fd.fd());
        auto at = table.at.find(fd.file());
        if (at != table.at.end()) {
            // An end of a pipe whose other end came first is in its place already.
            if (at->second != wanted)
                copy(table, table.plan.open, at->second, wanted, fd.cloexec());
            continue;
        }
        const image::OpenFile& file = *files_.at(fd.file());
        if (pipes_.contains(file.pipe().pipe()))
            make_pipe(table, file.pipe().pipe());
        else if (is_unit(file.id()))
            make_unit(table, file.id());
        else
            make(table, fd);
    }
    for (uint32_t file : table.extra)
        make_extra(table, file);
}

void FdPlanner::plan_share(size_t index) {
    Table& table = tables_[index];
    std::map<size_t, std::vector<Want>> by_owner;
    for (const image::Fd& fd : table.task->fds()) {
        size_t owner = owner_.at(fd.file());
        if (owner != index)
            by_owner[owner].push_back({fd.file(), static_cast<int>(fd.fd()), fd.cloexec()});
    }
    for (uint32_t file : table.stash_wants)
        by_owner[owner_.at(file)].push_back({file, new_stash(table), true});
    std::vector<FdStep>& steps = table.plan.share;
    for (const auto& [owner, wants] : by_owner) {
        const Table& from = tables_[owner];
        if (table.plan.pidfd < 0)
            table.plan.pidfd = new_stash(table);
        int got = table.model.take_lowest();
        steps.push_back({FdStep::Do::pidfd, true, from.task->pid(), -1, got});
        move(table, steps, got, table.plan.pidfd, true, true);
        for (const Want& want : wants) {
            auto at = table.at.find(want.file);
            if (at != table.at.end()) {
                copy(table, steps, at->second, want.number, want.cloexec);
                continue;
            }
            got = table.model.take_lowest();
            steps.push_back({FdStep::Do::take, true, want.file, from.at.at(want.file), got});
            move(table, steps, got, want.number, true, want.cloexec);
            table.at[want.file] = want.number;
        }
    }
}

int FdPlanner::new_stash(Table& table) {
    if (!table.free_stash.empty()) {
        int number = table.free_stash.back();
        table.free_stash.pop_back();
        return number;
    }
    return kStash + table.plan.stash++;
}

void FdPlanner::move(Table& table, std::vector<FdStep>& steps, int from, int to, bool is_cloexec,
                     bool cloexec) {
    if (to < 0) {
        steps.push_back({FdStep::Do::drop, false, 0, -1, from});
        table.model.release(from);
        return;
    }
    if (from == to) {
        if (is_cloexec != cloexec)
            steps.push_back({FdStep::Do::place, cloexec, 0, from, to});
        return;
    }
    steps.push_back({FdStep::Do::place, cloexec, 0, from, to});
    if (from < kStash)
        table.model.release(from);
    if (to < kStash)
        table.model.use(to);
}

void FdPlanner::copy(Table& table, std::vector<FdStep>& steps, int from, int to, bool cloexec) {
    steps.push_back({FdStep::Do::copy, cloexec, 0, from, to});
    if (to < kStash)
        table.model.use(to);
}

FdPlan FdPlanner::take() {
    plan_listens();
    for (Table& table : tables_) {
        plan_.stash_needed = std::max(plan_.stash_needed, table.plan.stash);
        plan_.tables[table.task->pid()] = std::move(table.plan);
    }
    return std::move(plan_);
}

}  // namespace crtool::restore
