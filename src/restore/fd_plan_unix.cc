// Unix sockets in a plan: who makes which unit (unix_plan.h), when queues are filled, and what
// descriptors in flight need.
//
// A unit is made by the table of the task that SO_PEERCRED names, where it has one; else by the
// first table that has one of its ends. Queues are filled at once by whoever makes both ends, but
// for those that hold descriptors: these wait until every table has all of its files.
#include <algorithm>

#include "restore/fd_planner.h"

namespace crtool::restore {

using How = UnixUnit::How;

namespace {

uint32_t any_end(const UnixUnit& unit) {
    return unit.a != 0 ? unit.a : unit.b;
}

}  // namespace

void FdPlanner::own_unit(uint32_t file, size_t table) {
    if (owner_.contains(file))
        return;
    const UnixUnit& unit = plan_.sockets.units[plan_.sockets.unit_of.at(file)];
    auto maker = table_of_.find(unit.maker);
    size_t owner = maker == table_of_.end() ? table : maker->second;
    for (uint32_t end : {unit.a, unit.b}) {
        if (end == 0)
            continue;
        owner_[end] = owner;
        if (!tables_[owner].first.contains(end))
            tables_[owner].extra.push_back(end);
    }
}

// Descriptors in flight are sent by the table that owns the unit, which must have them.
void FdPlanner::find_carried() {
    std::vector<size_t> units;
    for (size_t i = 0; i < plan_.sockets.units.size(); i++) {
        if (plan_.sockets.units[i].has_files && owner_.contains(any_end(plan_.sockets.units[i])))
            units.push_back(i);
    }
    // What comes along may be a socket with a queue of its own.
    for (size_t i = 0; i < units.size(); i++) {
        const UnixUnit& unit = plan_.sockets.units[units[i]];
        for (uint32_t end : {unit.a, unit.b}) {
            if (end == 0)
                continue;
            for (const image::UnixMessage& message : files_.at(end)->unix_socket().queue())
                for (uint32_t file : message.files())
                    carry(file, owner_.at(end), units);
        }
    }
}

void FdPlanner::carry(uint32_t file, size_t index, std::vector<size_t>& units) {
    Table& table = tables_[index];
    if (!owner_.contains(file)) {
        const image::OpenFile& open_file = *files_.at(file);
        if (is_unit(file)) {
            own_unit(file, index);
            size_t unit = plan_.sockets.unit_of.at(file);
            if (plan_.sockets.units[unit].has_files)
                units.push_back(unit);
        } else if (auto pipe = pipes_.find(open_file.pipe().pipe()); pipe != pipes_.end()) {
            for (uint32_t end : pipe->second)
                owner_.try_emplace(end, index);
            table.extra.push_back(file);
        } else {
            owner_[file] = index;
            table.extra.push_back(file);
        }
    }
    if (table.first.contains(file))
        return;
    needed_.insert(file);
    if (owner_.at(file) != index)
        table.stash_wants.push_back(file);
}

bool FdPlanner::is_late(const UnixUnit& unit) const {
    const image::UnixSocket& socket = files_.at(any_end(unit))->unix_socket();
    // Once a datagram socket is connected, nobody else can send or connect to it.
    bool shuts_out = unit.how == How::alone && socket.has_name() &&
                     socket.state() == image::UnixSocket::CONNECTED;
    return unit.has_files || shuts_out || socket.state() == image::UnixSocket::LISTENING;
}

void FdPlanner::make_extra(Table& table, uint32_t file) {
    if (table.at.contains(file))
        return;
    const image::OpenFile& open_file = *files_.at(file);
    if (is_unit(file))
        return make_unit(table, file);
    if (pipes_.contains(open_file.pipe().pipe()))
        return make_pipe(table, open_file.pipe().pipe());
    int wanted = new_stash(table);
    int got = table.model.take_lowest();
    table.plan.open.push_back({FdStep::Do::make, true, file, wanted, got});
    move(table, table.plan.open, got, wanted, true, true);
    table.plan.open.push_back({FdStep::Do::fill, false, file, -1, wanted});
    table.at[file] = wanted;
}

void FdPlanner::make_unit(Table& table, uint32_t file) {
    size_t index = plan_.sockets.unit_of.at(file);
    const UnixUnit& unit = plan_.sockets.units[index];
    Ends& ends = ends_[index];
    if (ends.made)
        return;
    ends.made = true;
    // Nobody has taken an end of it yet, but somebody will.
    for (uint32_t end : {unit.a, unit.b}) {
        if (end != 0 && !table.first.contains(end))
            needed_.insert(end);
    }
    if (unit.how == How::alone || unit.how == How::pending)
        make_one(table, unit, ends);
    else
        make_two(table, index, ends);
    if (is_late(unit))
        table.late.push_back(index);
    else
        finish_unit(table, table.plan.open, index);
}

void FdPlanner::make_one(Table& table, const UnixUnit& unit, Ends& ends) {
    Target target = target_of(table, unit.a);
    int got = table.model.take_lowest();
    table.plan.open.push_back({FdStep::Do::make, target.cloexec, unit.a, target.number, got});
    move(table, table.plan.open, got, target.number, target.cloexec, target.cloexec);
    ends.a = target.number;
    table.at[unit.a] = target.number;
}

void FdPlanner::make_two(Table& table, size_t index, Ends& ends) {
    const UnixUnit& unit = plan_.sockets.units[index];
    // An end that is gone is there for a while, to be sent from.
    Target a = unit.a != 0 ? target_of(table, unit.a) : Target{new_stash(table), true};
    Target b = unit.b != 0 ? target_of(table, unit.b) : Target{new_stash(table), true};
    int from = table.model.take_lowest();
    int to = table.model.take_lowest();
    bool cloexec = (from == a.number && a.cloexec) || (to == b.number && b.cloexec);
    table.plan.open.push_back(
        {FdStep::Do::make_ends, cloexec, static_cast<uint32_t>(index), from, to});
    place_ends(table, from, to, cloexec, a, b);
    ends.a = a.number;
    ends.b = b.number;
    if (unit.a != 0)
        table.at[unit.a] = a.number;
    if (unit.b != 0)
        table.at[unit.b] = b.number;
}

void FdPlanner::finish_unit(Table& table, std::vector<FdStep>& steps, size_t index) {
    const UnixUnit& unit = plan_.sockets.units[index];
    const Ends& ends = ends_[index];
    if (unit.b != 0)
        send_queue(table, steps, unit.b, ends.a);
    if (unit.a != 0)
        send_queue(table, steps, unit.a, ends.b);
    if (unit.a != 0)
        steps.push_back({FdStep::Do::fill, false, unit.a, -1, ends.a});
    if (unit.b != 0)
        steps.push_back({FdStep::Do::fill, false, unit.b, -1, ends.b});
    bool has_two = unit.how == How::pair || unit.how == How::meet;
    if (!has_two || (unit.a != 0 && unit.b != 0))
        return;
    int gone = unit.a == 0 ? ends.a : ends.b;
    steps.push_back({FdStep::Do::drop, false, 0, -1, gone});
    table.free_stash.push_back(gone);
}

void FdPlanner::send_queue(Table& table, std::vector<FdStep>& steps, uint32_t to, int from) {
    const image::UnixSocket& socket = files_.at(to)->unix_socket();
    if (socket.queue().empty())
        return;
    std::vector<int> numbers;
    for (const image::UnixMessage& message : socket.queue())
        for (uint32_t file : message.files())
            numbers.push_back(table.at.at(file));
    int carried = -1;
    if (!numbers.empty()) {
        carried = static_cast<int>(table.plan.carried.size());
        table.plan.carried.push_back(std::move(numbers));
    }
    steps.push_back({FdStep::Do::send, false, to, from, carried});
}

// Connections to one listener are accepted in the order in which they were made, so only one task
// at a time makes some: all that are accepted, then those that nobody has accepted yet.
void FdPlanner::plan_meetings() {
    std::vector<std::pair<size_t, size_t>> meetings;  // table, unit
    for (size_t i = 0; i < plan_.sockets.units.size(); i++) {
        auto owner = owner_.find(any_end(plan_.sockets.units[i]));
        if (plan_.sockets.units[i].how == How::meet && owner != owner_.end())
            meetings.emplace_back(owner->second, i);
    }
    std::ranges::sort(meetings);
    for (const UnixUnit& unit : plan_.sockets.units) {
        for (uint32_t client : files_.at(any_end(unit))->unix_socket().pending()) {
            if (auto owner = owner_.find(client); owner != owner_.end())
                meetings.emplace_back(owner->second, plan_.sockets.unit_of.at(client));
        }
    }
    uint32_t turn = 1;  // which is nobody's to wait for
    for (size_t i = 0; i < meetings.size(); i++) {
        auto [owner, unit] = meetings[i];
        if (i > 0 && meetings[i - 1].first != owner) {
            turn++;
            tables_[meetings[i - 1].first].plan.open.push_back(
                {FdStep::Do::end_turn, false, turn, -1, -1});
            tables_[owner].plan.open.push_back({FdStep::Do::await_turn, false, turn, -1, -1});
        }
        make_unit(tables_[owner], any_end(plan_.sockets.units[unit]));
    }
}

// Whoever is to have called listen(2); when he is gone, the first that has the socket.
uint32_t FdPlanner::listener_task(const image::UnixCreds& creds, uint32_t file) const {
    if (alive_.contains(creds.pid()))
        return creds.pid();
    auto owner = owner_.find(file);
    return tables_[owner == owner_.end() ? 0 : owner->second].task->pid();
}

void FdPlanner::plan_listens() {
    static const image::UnixCreds kNobody;
    std::vector<uint32_t> served(plan_.sockets.listeners.size());
    for (const UnixUnit& unit : plan_.sockets.units) {
        if (unit.how == How::meet)
            served[unit.listener] = unit.b;
        const image::OpenFile* file = unit.a != 0 ? files_.at(unit.a) : nullptr;
        if (file != nullptr && file->unix_socket().state() == image::UnixSocket::LISTENING)
            plan_.listens[listener_task(file->unix_socket().peer_creds(), unit.a)].push_back(
                {unit.a, 0});
    }
    for (uint32_t i = 0; i < plan_.sockets.listeners.size(); i++) {
        const UnixListener& listener = plan_.sockets.listeners[i];
        if (listener.file != 0)
            continue;
        const image::UnixCreds& creds = listener.creds != nullptr ? *listener.creds : kNobody;
        plan_.listens[listener_task(creds, served[i])].push_back({0, i});
    }
}

}  // namespace crtool::restore
