// Watches in a plan: which table adds them, and what it lacks for that.
//
// A watch is made under a number, which must mean the watched file at that moment. Mostly it still
// does; when the program has closed it or used the number again, the file is put there for a
// moment. By then everybody has taken what he needs, so no other task looks at this table.
#include <algorithm>

#include "base/error.h"
#include "restore/epoll.h"
#include "restore/fd_planner.h"

namespace crtool::restore {

const image::Fd* FdPlanner::descriptor(const Table& table, uint32_t number) const {
    const auto& fds = table.task->fds();
    auto at = std::ranges::lower_bound(fds, number, {}, &image::Fd::fd);
    return at != fds.end() && at->fd() == number ? &*at : nullptr;
}

void FdPlanner::find_watchers() {
    for (const Table& table : tables_) {
        for (const auto& [file, number] : table.first) {
            const image::OpenFile& epoll = *files_.at(file);
            // Once each, when the owner's turn is.
            if (!epoll.has_epoll() || &tables_[owner_.at(file)] != &table)
                continue;
            find_watched(epoll, tables_[watcher_of(epoll)]);
        }
    }
    for (Table& table : tables_) {
        std::ranges::sort(table.epolls);
        std::ranges::sort(table.stash_wants);
        auto [first, last] = std::ranges::unique(table.stash_wants);
        table.stash_wants.erase(first, last);
    }
}

void FdPlanner::find_watched(const image::OpenFile& epoll, Table& watcher) {
    watcher.epolls.push_back(epoll.id());
    for (const image::EpollWatch& watch : epoll.epoll().watches()) {
        if (!owner_.contains(watch.file()))
            fail(Errc::bad_image, "epoll {} watches open file {}, which no task has", epoll.id(),
                 watch.file());
        if (watcher.first.contains(watch.file()))
            continue;
        needed_.insert(watch.file());
        if (&tables_[owner_.at(watch.file())] != &watcher)
            watcher.stash_wants.push_back(watch.file());
    }
}

// The first table in which every number means what it meant; else the owner.
size_t FdPlanner::watcher_of(const image::OpenFile& epoll) const {
    for (size_t i = owner_.at(epoll.id()); i < tables_.size(); i++) {
        if (!tables_[i].first.contains(epoll.id()))
            continue;
        bool fits = std::ranges::all_of(epoll.epoll().watches(), [&](const auto& watch) {
            const image::Fd* fd = descriptor(tables_[i], watch.fd());
            return fd != nullptr && fd->file() == watch.file();
        });
        if (fits)
            return i;
    }
    return owner_.at(epoll.id());
}

void FdPlanner::plan_link(size_t index) {
    Table& table = tables_[index];
    for (size_t unit : table.late)
        finish_unit(table, table.plan.link, unit);
    for (uint32_t id : table.epolls) {
        const image::OpenFile& epoll = *files_.at(id);
        // Those that have fired are made to fire again, and must find nothing else that is ready.
        for (bool fired : {true, false}) {
            for (int i = 0; i < epoll.epoll().watches_size(); i++) {
                if (has_fired(epoll.epoll().watches(i)) == fired)
                    add_watch(table, epoll, i);
            }
        }
    }
}

void FdPlanner::add_watch(Table& table, const image::OpenFile& epoll, int index) {
    const image::EpollWatch& watch = epoll.epoll().watches(index);
    std::vector<FdStep>& steps = table.plan.link;
    FdStep add = {FdStep::Do::watch, false, epoll.id(), index, table.at.at(epoll.id())};
    const image::Fd* there = descriptor(table, watch.fd());
    if (there != nullptr && there->file() == watch.file()) {
        steps.push_back(add);
        return;
    }
    int number = static_cast<int>(watch.fd());
    int aside = there != nullptr ? new_stash(table) : -1;
    if (there != nullptr)
        steps.push_back({FdStep::Do::copy, true, 0, number, aside});
    steps.push_back({FdStep::Do::copy, true, 0, table.at.at(watch.file()), number});
    steps.push_back(add);
    if (there != nullptr)
        steps.push_back({FdStep::Do::place, there->cloexec(), 0, aside, number});
    else
        steps.push_back({FdStep::Do::drop, false, 0, -1, number});
}

}  // namespace crtool::restore
