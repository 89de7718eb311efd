// See group_plan.h.
#include "restore/group_plan.h"

#include <signal.h>

#include <unordered_map>
#include <vector>

namespace crtool::restore {
namespace {

// A helper under `member`, in its session, with the group's number.
void add_leader(PidPlan& plan, uint32_t member, uint32_t pgid) {
    auto index = static_cast<uint32_t>(plan.nodes.size());
    plan.nodes.emplace_back();
    Node& helper = plan.nodes.back();
    helper.pid = pgid;
    helper.parent = member;
    helper.forker = member;
    helper.exit_signal = SIGCHLD;
    helper.new_group = true;
    helper.waits_for_groups = true;
    plan.nodes[member].late.push_back(index);
    plan.nodes[member].reap_joined.push_back(index);
}

// A helper that leads a session leads the group of the same number too: it must stay as long.
void keep_for_group(PidPlan& plan, uint32_t helper) {
    plan.nodes[helper].waits_for_groups = true;
    uint32_t parent = plan.nodes[helper].parent;
    if (parent != kNone)
        plan.nodes[parent].reap_joined.push_back(helper);
}

using NodesById = std::unordered_map<uint32_t, uint32_t>;

// Tasks, and helpers that lead a session.
NodesById nodes_by_pid(const image::Image& image, const PidPlan& plan) {
    NodesById by_pid;
    for (uint32_t index = 0; index < plan.nodes.size(); index++)
        if (plan.nodes[index].task == kNone && plan.nodes[index].new_session)
            by_pid[plan.nodes[index].pid] = index;
    for (uint32_t index : plan.node_of_task)
        by_pid[image.tasks[plan.nodes[index].task].pid()] = index;
    return by_pid;
}

// Per group: a member that can stand in as parent of a leader, preferably one that lives on.
NodesById members_of_groups(const image::Image& image, const PidPlanInput& input,
                            const PidPlan& plan) {
    NodesById members;
    for (uint32_t index : plan.node_of_task) {
        const image::Task& task = image.tasks[plan.nodes[index].task];
        auto [at, fresh] = members.try_emplace(restored_group(image, task, input), index);
        if (!fresh && task.state() != image::Task::ZOMBIE &&
            image.tasks[plan.nodes[at->second].task].state() == image::Task::ZOMBIE)
            at->second = index;
    }
    // A foreground group that nobody is in any more must be there when the terminal gets it.
    std::unordered_map<uint32_t, uint32_t> foreground;
    for (const image::Tty& tty : image.ttys)
        foreground[tty.id()] = tty.foreground();
    for (uint32_t index : plan.node_of_task) {
        const image::Task& task = image.tasks[plan.nodes[index].task];
        if (task.sid() == task.pid() && task.terminal() != 0 && foreground[task.terminal()] != 0)
            members.try_emplace(foreground[task.terminal()], index);
    }
    return members;
}

}  // namespace

void plan_groups(const image::Image& image, const PidPlanInput& input, PidPlan& plan) {
    NodesById by_pid = nodes_by_pid(image, plan);
    for (auto [pgid, member] : members_of_groups(image, input, plan)) {
        auto leader = by_pid.find(pgid);
        if (leader != by_pid.end() && plan.nodes[leader->second].task == kNone)
            keep_for_group(plan, leader->second);
        else if (leader != by_pid.end())
            plan.nodes[leader->second].new_group = true;
        else if (!input.shell_job || pgid != input.own_group)
            add_leader(plan, member, pgid);
    }
    for (uint32_t index : plan.node_of_task) {
        Node& node = plan.nodes[index];
        uint32_t pgid = restored_group(image, image.tasks[node.task], input);
        if (node.new_session || pgid == node.pid)
            continue;
        node.join_group = pgid;
        node.join_late = node.new_group;
    }
}

}  // namespace crtool::restore
