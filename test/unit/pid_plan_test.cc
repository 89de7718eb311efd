// Plays plans on a model of the kernel (fork, setsid, setpgid, orphans) and looks at what comes
// out.
#include "restore/pid_plan.h"

#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "base/error.h"

using namespace crtool;
using restore::kNone;
using restore::Node;
using restore::PidPlan;
using restore::PidPlanInput;

namespace {

constexpr uint32_t kCoordinator = 1;

struct Process {
    uint32_t parent = 0;
    uint32_t session = 0;
    uint32_t group = 0;
    bool subreaper = false;
};

class World {
  public:
    explicit World(const PidPlan& plan) : plan_(plan) {
        processes_[kCoordinator] = {0, kCoordinator, kCoordinator, true};
        for (uint32_t index = 0; index < plan.nodes.size(); index++)
            ids_.push_back(plan.nodes[index].pid != 0 ? plan.nodes[index].pid : 30000 + index);
        fork(0);
        for (const Node& node : plan.nodes)
            if (node.join_group != 0 && !node.join_late)
                join(node);
        for (uint32_t index = 0; index < plan.nodes.size(); index++)
            if (plan.nodes[index].waits_for_groups)
                end(ids_[index]);
        for (const Node& node : plan.nodes)
            if (node.join_late)
                join(node);
    }

    const std::map<uint32_t, Process>& processes() const { return processes_; }

  private:
    void fork(uint32_t index) {
        const Node& node = plan_.nodes[index];
        uint32_t pid = ids_[index];
        uint32_t forker = node.forker == kNone ? kCoordinator : ids_[node.forker];
        REQUIRE(processes_.contains(forker));
        REQUIRE_FALSE(processes_.contains(pid));
        Process process = processes_.at(forker);
        if ((node.clone_flags & CLONE_PARENT) == 0)
            process.parent = forker;
        process.subreaper = node.subreaper;
        processes_[pid] = process;
        fork_all(node.early);
        if (node.new_session) {
            REQUIRE(processes_.at(pid).group != pid);
            processes_.at(pid).session = pid;
        }
        if (node.new_session || node.new_group)
            processes_.at(pid).group = pid;
        fork_all(node.service);
        fork_all(node.late);
        if (node.task == kNone && !node.waits_for_groups)
            end(pid);
    }

    void fork_all(const std::vector<uint32_t>& nodes) {
        for (uint32_t node : nodes)
            fork(node);
    }

    void join(const Node& node) {
        bool exists = false;
        for (const auto& [pid, process] : processes_)
            exists |= process.group == node.join_group &&
                      process.session == processes_.at(node.pid).session;
        INFO("process " << node.pid << " joins group " << node.join_group);
        REQUIRE(exists);
        processes_.at(node.pid).group = node.join_group;
    }

    void end(uint32_t pid) {
        uint32_t reaper = processes_.at(pid).parent;
        while (!processes_.at(reaper).subreaper)
            reaper = processes_.at(reaper).parent;
        for (auto& [id, process] : processes_)
            if (process.parent == pid)
                process.parent = reaper;
        processes_.erase(pid);
    }

    const PidPlan& plan_;
    std::vector<uint32_t> ids_;
    std::map<uint32_t, Process> processes_;
};

image::Task task(uint32_t pid, uint32_t ppid, uint32_t pgid, uint32_t sid) {
    image::Task task;
    task.set_pid(pid);
    task.set_ppid(ppid);
    task.set_pgid(pgid);
    task.set_sid(sid);
    task.set_exit_signal(SIGCHLD);
    task.add_threads()->set_tid(pid);
    return task;
}

void require_restored(const image::Image& image, const PidPlanInput& input = {}) {
    PidPlan plan = restore::plan_pids(image, input);
    World world(plan);
    REQUIRE(world.processes().size() == image.tasks.size() + 1);
    for (const image::Task& task : image.tasks) {
        INFO("task " << task.pid());
        const Process& process = world.processes().at(task.pid());
        CHECK(process.parent == (task.ppid() == 0 ? kCoordinator : task.ppid()));
        CHECK(process.session == restore::restored_session(image, task, input));
        CHECK(process.group == restore::restored_group(image, task, input));
    }
}

}  // namespace

TEST_CASE("pid_plan: a plain family") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 10, 10), task(12, 10, 12, 10),
                   task(13, 12, 12, 10), task(14, 12, 10, 10)};
    require_restored(image);
}

TEST_CASE("pid_plan: a foreground group that nobody is in has a leader for a while") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 11, 11), task(12, 11, 12, 11)};
    image::Tty& tty = image.ttys.emplace_back();
    tty.set_id(1);
    tty.set_foreground(77);
    for (size_t i : {1, 2})
        image.tasks[i].set_terminal(1);
    require_restored(image);
    PidPlan plan = restore::plan_pids(image, {});
    auto leader = std::ranges::find(plan.nodes, 77U, &Node::pid);
    REQUIRE(leader != plan.nodes.end());
    CHECK(leader->new_group);
    CHECK(leader->waits_for_groups);
    CHECK(plan.nodes[leader->forker].pid == 11);
}

TEST_CASE("pid_plan: sessions in sessions") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 11, 11), task(12, 11, 12, 12),
                   task(13, 12, 13, 12), task(14, 11, 13, 12)};
    // 14 is a child of 11 but in the session of its sibling 12.
    require_restored(image);
}

TEST_CASE("pid_plan: a child that was forked before its parent led a session") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 11, 11), task(12, 11, 10, 10)};
    require_restored(image);
}

TEST_CASE("pid_plan: the leader of a session is gone") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 20, 20), task(12, 10, 12, 20),
                   task(13, 12, 20, 20)};
    require_restored(image);
}

TEST_CASE("pid_plan: the leader of a group is gone") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 30, 10), task(12, 10, 30, 10)};
    require_restored(image);
}

TEST_CASE("pid_plan: a group's first leader has left it") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 10, 10), task(12, 10, 11, 10)};
    require_restored(image);
}

TEST_CASE("pid_plan: an orphan lands at a subreaper above its session's leader") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 10, 10), task(12, 11, 12, 12),
                   task(13, 10, 12, 12)};
    require_restored(image);
}

TEST_CASE("pid_plan: orphans of one dead session at two subreapers") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 10, 10), task(12, 11, 40, 40),
                   task(13, 10, 40, 40)};
    require_restored(image);
}

TEST_CASE("pid_plan: the root leads no session") {
    image::Image image;
    image.tasks = {task(10, 0, 9, 5), task(11, 10, 9, 5)};
    require_restored(image);
}

TEST_CASE("pid_plan: a shell's job takes over crtool's session and group") {
    image::Image image;
    image.tasks = {task(10, 0, 9, 5), task(11, 10, 9, 5), task(12, 10, 12, 5),
                   task(13, 10, 13, 13)};
    require_restored(image, {true, kCoordinator, kCoordinator});
}

TEST_CASE("pid_plan: shared tables become clone flags") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 10, 10), task(12, 10, 10, 10)};
    image.tasks[1].set_shares_files(10);
    image.tasks[2].set_shares_fs(11);
    PidPlan plan = restore::plan_pids(image, {});
    const Node& child = plan.nodes[plan.node_of_task[1]];
    CHECK(child.clone_flags == CLONE_FILES);
    // Only its sibling has that table.
    const Node& sibling = plan.nodes[plan.node_of_task[2]];
    CHECK(sibling.clone_flags == (CLONE_FS | CLONE_PARENT));
    CHECK(sibling.forker == plan.node_of_task[1]);
    require_restored(image);
}

TEST_CASE("pid_plan: what cannot be expressed is refused") {
    image::Image image;
    image.tasks = {task(10, 0, 10, 10), task(11, 10, 11, 11), task(12, 11, 11, 11)};
    image.tasks[2].set_shares_files(10);
    CHECK_THROWS_AS(restore::plan_pids(image, {}), Error);
}
