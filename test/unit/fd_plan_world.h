// A model of the kernel's descriptor tables on which plans are played: who ends up with which open
// file under which number.
#pragma once

#include <fcntl.h>
#include <sys/epoll.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "restore/fd_plan.h"

namespace crtool::test {

using restore::FdPlan;
using restore::FdStep;
using restore::kStash;

// What a descriptor stands for: an open file of the image, an end of a pipe that no open file of
// the image is, or a pidfd.
struct Slot {
    uint32_t file = 0;
    uint32_t pidfd = 0;
    bool cloexec = false;
};

using Table = std::map<int, Slot>;

// The kernel, and what must hold while steps are done.
class World {
  public:
    World(const image::Image& image, const FdPlan& plan) : image_(image), plan_(plan) {
        for (const image::OpenFile& file : image.files)
            files_[file.id()] = &file;
    }

    void play() {
        for (const auto& [pid, table] : plan_.tables)
            run(pid, table.open);
        for (const auto& [pid, table] : plan_.tables)
            run(pid, table.share);
        for (const auto& [pid, table] : plan_.tables)
            run(pid, table.link);
        for (auto& [pid, table] : tables_)
            std::erase_if(table, [](const auto& entry) { return entry.first >= kStash; });
    }

    void check_result() {
        for (const image::Task& task : image_.tasks) {
            Table& table = tables_[task.pid()];
            CAPTURE(task.pid());
            CHECK(table.size() == static_cast<size_t>(task.fds_size()));
            for (const image::Fd& fd : task.fds()) {
                CAPTURE(fd.fd());
                const Slot& slot = table[static_cast<int>(fd.fd())];
                CHECK(slot.file == fd.file());
                CHECK(slot.cloexec == fd.cloexec());
                CHECK(filled_.contains(fd.file()));
            }
        }
    }

    // Watches that were added: epoll, number, file that the number meant then.
    std::set<std::tuple<uint32_t, uint32_t, uint32_t>> watches;

  private:
    void run(uint32_t pid, const std::vector<FdStep>& steps) {
        Table& table = tables_[pid];
        for (const FdStep& step : steps)
            run(pid, table, step);
    }

    // The kernel gives the lowest free number.
    void give(Table& table, int number, Slot slot) {
        int lowest = 0;
        while (table.contains(lowest))
            lowest++;
        CHECK(number == lowest);
        table[number] = slot;
    }

    uint32_t end_of(uint32_t pipe, uint32_t access) {
        for (const image::OpenFile& file : image_.files) {
            if (file.has_pipe() && file.pipe().pipe() == pipe && !made_.contains(file.id()) &&
                (file.flags() & O_ACCMODE) == access)
                return file.id();
        }
        return 0;
    }

    void make_once(uint32_t file) {
        if (file != 0)
            CHECK(made_.insert(file).second);
    }

    void run(uint32_t pid, Table& table, const FdStep& step) {
        switch (step.what) {
            case FdStep::Do::make:
            case FdStep::Do::reopen:
                make_once(step.id);
                if (step.what == FdStep::Do::reopen)
                    REQUIRE(table.contains(step.from));
                return give(table, step.to, {step.id, 0, step.cloexec});
            case FdStep::Do::make_pipe: {
                uint32_t reader = end_of(step.id, O_RDONLY);
                uint32_t writer = end_of(step.id, O_WRONLY);
                make_once(reader);
                make_once(writer);
                give(table, step.from, {reader, 0, step.cloexec});
                return give(table, step.to, {writer, 0, step.cloexec});
            }
            case FdStep::Do::make_fifo:
                return give(table, step.to, {0, 0, true});
            case FdStep::Do::place: {
                REQUIRE(table.contains(step.from));
                Slot slot = table[step.from];
                table.erase(step.from);
                slot.cloexec = step.cloexec;
                table[step.to] = slot;
                return;
            }
            case FdStep::Do::copy:
                REQUIRE(table.contains(step.from));
                REQUIRE(step.from != step.to);
                table[step.to] = table[step.from];
                table[step.to].cloexec = step.cloexec;
                return;
            case FdStep::Do::drop:
                CHECK(table.erase(step.to) == 1);
                return;
            case FdStep::Do::pidfd:
                return give(table, step.to, {0, step.id, true});
            case FdStep::Do::take: {
                uint32_t owner = table.at(plan_.tables.at(pid).pidfd).pidfd;
                REQUIRE(tables_[owner].contains(step.from));
                CHECK(tables_[owner][step.from].file == step.id);
                return give(table, step.to, {step.id, 0, true});
            }
            case FdStep::Do::fill:
                CHECK(table.at(step.to).file == step.id);
                CHECK(filled_.insert(step.id).second);
                return;
            case FdStep::Do::make_ends: {
                const restore::UnixUnit& unit = plan_.sockets.units.at(step.id);
                make_once(unit.a);
                make_once(unit.b);
                give(table, step.from, {unit.a, 0, step.cloexec});
                return give(table, step.to, {unit.b, 0, step.cloexec});
            }
            case FdStep::Do::send:
                return send(pid, table, step);
            case FdStep::Do::await_turn:
            case FdStep::Do::end_turn:
                return;
            case FdStep::Do::watch: {
                CHECK(table.at(step.to).file == step.id);
                const auto& watch = files_[step.id]->epoll().watches(step.from);
                uint32_t meant = table.at(static_cast<int>(watch.fd())).file;
                CHECK(watches.emplace(step.id, watch.fd(), meant).second);
                return;
            }
        }
    }

    // A queue is filled from the other end, before whoever reads it is ready, with descriptors that
    // are those of its messages.
    void send(uint32_t pid, Table& table, const FdStep& step) {
        const image::UnixSocket& socket = files_.at(step.id)->unix_socket();
        CHECK(sent_.insert(step.id).second);
        CHECK_FALSE(filled_.contains(step.id));
        if (step.from >= 0)
            CHECK(table.at(step.from).file == socket.peer());
        std::vector<uint32_t> wanted;
        for (const image::UnixMessage& message : socket.queue())
            wanted.insert(wanted.end(), message.files().begin(), message.files().end());
        std::vector<uint32_t> found;
        if (step.to >= 0)
            for (int number : plan_.tables.at(pid).carried.at(static_cast<size_t>(step.to)))
                found.push_back(table.at(number).file);
        CHECK(found == wanted);
    }

    const image::Image& image_;
    const FdPlan& plan_;
    std::map<uint32_t, const image::OpenFile*> files_;
    std::map<uint32_t, Table> tables_;
    std::set<uint32_t> made_;
    std::set<uint32_t> filled_;
    std::set<uint32_t> sent_;
};

}  // namespace crtool::test
