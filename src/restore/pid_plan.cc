// See pid_plan.h.
#include "restore/pid_plan.h"

#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/error.h"
#include "restore/group_plan.h"
#include "restore/share_plan.h"

namespace crtool::restore {
namespace {

class Planner {
  public:
    Planner(const image::Image& image, const PidPlanInput& input)
        : image_(image), input_(input), sharing_(image) {}

    PidPlan run();

  private:
    const image::Task& task_of(uint32_t node) const { return image_.tasks[plan_.nodes[node].task]; }

    uint32_t session(uint32_t node) const {
        return restored_session(image_, task_of(node), input_);
    }

    uint32_t make_node(uint32_t parent);
    void place_root();
    void place(uint32_t node);
    bool place_beside_sharer(uint32_t node);
    void place_orphans(uint32_t sid, const std::vector<uint32_t>& members);
    uint32_t leader_of(uint32_t sid, const std::vector<uint32_t>& members);
    void fork_by_helper(uint32_t leader, uint32_t node);
    bool is_above(uint32_t upper, uint32_t lower) const;
    uint32_t depth(uint32_t node) const;
    void check_subreapers() const;
    void settle_memory(uint32_t node);
    void order_nodes();

    const image::Image& image_;
    const PidPlanInput& input_;
    SharePlan sharing_;
    PidPlan plan_;
    std::unordered_map<uint32_t, uint32_t> by_pid_;         // node of a task
    std::unordered_map<uint32_t, uint32_t> birth_session_;  // by node
    std::map<uint32_t, std::vector<uint32_t>> orphans_;     // by session
    std::vector<std::pair<uint32_t, uint32_t>> landings_;   // subreaper, and whose helper dies
};

uint32_t Planner::make_node(uint32_t parent) {
    plan_.nodes.emplace_back();
    plan_.nodes.back().parent = parent;
    return static_cast<uint32_t>(plan_.nodes.size() - 1);
}

// A root that leads no session was left behind by a leader that is gone, unless it is a shell's
// job: a helper leads that session, makes the root for the coordinator, and dies.
void Planner::place_root() {
    uint32_t root = plan_.root;
    const image::Task& task = task_of(root);
    birth_session_[root] = input_.own_session;
    if (task.sid() == task.pid() || input_.shell_job)
        return;
    uint32_t leader = make_node(kNone);
    Node& helper = plan_.nodes[leader];
    helper.pid = task.sid();
    helper.new_session = true;
    helper.exit_signal = task.exit_signal();
    helper.service.push_back(root);
    plan_.nodes[root].forker = leader;
    plan_.nodes[root].clone_flags = CLONE_PARENT;
    birth_session_[root] = task.sid();
}

void Planner::place(uint32_t node) {
    Node& self = plan_.nodes[node];
    const image::Task& task = task_of(node);
    uint32_t parent = self.parent;
    uint32_t sid = session(node);
    bool leads = sid == task.pid();
    if (leads || sid == session(parent)) {
        birth_session_[node] = session(parent);
        if (place_beside_sharer(node))
            return;
        self.forker = parent;
        self.clone_flags |= sharing_.flags(self.task, plan_.nodes[parent].task);
        plan_.nodes[parent].late.push_back(node);
    } else if (plan_.nodes[parent].new_session && sid == birth_session_.at(parent)) {
        birth_session_[node] = sid;
        self.forker = parent;
        self.clone_flags |= sharing_.flags(self.task, plan_.nodes[parent].task);
        plan_.nodes[parent].early.push_back(node);
    } else {
        birth_session_[node] = sid;
        orphans_[sid].push_back(node);
    }
}

// A table that only a sibling has comes from that sibling.
bool Planner::place_beside_sharer(uint32_t node) {
    Node& self = plan_.nodes[node];
    if (sharing_.fits(self.task, plan_.nodes[self.parent].task))
        return false;
    const image::Task& task = task_of(node);
    for (uint32_t other = 0; other < self.task; other++) {
        const image::Task& candidate = image_.tasks[other];
        uint32_t forker = plan_.node_of_task[other];
        if (candidate.ppid() != task.ppid() || candidate.exit_signal() != task.exit_signal() ||
            !sharing_.fits(self.task, other) || session(forker) != birth_session_.at(node))
            continue;
        self.forker = forker;
        self.clone_flags |= CLONE_PARENT | sharing_.flags(self.task, other);
        plan_.nodes[forker].service.push_back(node);
        return true;
    }
    fail(
        Errc::unsupported,
        "task {} shares tables with a task that is neither its parent nor a sibling in its session",
        task.pid());
}

bool Planner::is_above(uint32_t upper, uint32_t lower) const {
    while (lower != kNone && lower != upper)
        lower = plan_.nodes[lower].parent;
    return lower == upper;
}

uint32_t Planner::depth(uint32_t node) const {
    uint32_t depth = 0;
    for (; node != kNone; node = plan_.nodes[node].parent)
        depth++;
    return depth;
}

// The task or helper that leads session `sid`. A helper stands under the deepest of the parents
// that its members have, so that orphans can land at the others.
uint32_t Planner::leader_of(uint32_t sid, const std::vector<uint32_t>& members) {
    auto live = by_pid_.find(sid);
    if (live != by_pid_.end())
        return live->second;
    uint32_t deepest = members.front();
    for (uint32_t member : members)
        if (depth(member) > depth(deepest))
            deepest = member;
    uint32_t parent = plan_.nodes[deepest].parent;
    uint32_t leader = make_node(parent);
    Node& helper = plan_.nodes[leader];
    helper.pid = sid;
    helper.forker = parent;
    helper.new_session = true;
    helper.exit_signal = plan_.nodes[deepest].exit_signal;
    plan_.nodes[parent].late.push_back(leader);
    return leader;
}

// leader → helper → node; the helper dies, and the node lands at the nearest subreaper.
void Planner::fork_by_helper(uint32_t leader, uint32_t node) {
    uint32_t parent = plan_.nodes[node].parent;
    uint32_t pid = plan_.nodes[node].pid;
    if (!is_above(parent, leader))
        fail(Errc::unsupported, "task {}: no member of its session {} is below its parent {}", pid,
             task_of(node).sid(), task_of(node).ppid());
    // An orphan that the kernel gives to another parent sends SIGCHLD from then on (exit(2) code).
    if (plan_.nodes[node].exit_signal != SIGCHLD)
        fail(Errc::unsupported, "task {}: its session and its exit signal {} exclude each other",
             pid, plan_.nodes[node].exit_signal);
    uint32_t helper = make_node(leader);
    plan_.nodes[helper].forker = leader;
    plan_.nodes[helper].exit_signal = SIGCHLD;
    plan_.nodes[helper].late.push_back(node);
    plan_.nodes[leader].service.push_back(helper);
    plan_.nodes[node].forker = helper;
    plan_.nodes[parent].subreaper = true;
    landings_.emplace_back(parent, leader);
}

void Planner::place_orphans(uint32_t sid, const std::vector<uint32_t>& members) {
    uint32_t leader = leader_of(sid, members);
    for (uint32_t node : members) {
        if (!sharing_.fits(plan_.nodes[node].task, kNone))
            fail(Errc::unsupported, "task {} shares tables across sessions", task_of(node).pid());
        if (plan_.nodes[node].parent == plan_.nodes[leader].parent &&
            plan_.nodes[node].exit_signal == plan_.nodes[leader].exit_signal) {
            plan_.nodes[node].forker = leader;
            plan_.nodes[node].clone_flags |= CLONE_PARENT;
            plan_.nodes[leader].service.push_back(node);
        } else {
            fork_by_helper(leader, node);
        }
    }
}

void Planner::check_subreapers() const {
    for (auto [landing, from] : landings_)
        for (uint32_t node = from; node != landing; node = plan_.nodes[node].parent)
            if (plan_.nodes[node].subreaper)
                fail(Errc::unsupported, "task {} stands between a subreaper and its orphan",
                     plan_.nodes[node].pid);
}

// Forkers first; and with whose memory each node is born.
void Planner::order_nodes() {
    PidPlan ordered;
    std::vector<uint32_t> new_index(plan_.nodes.size(), kNone);
    uint32_t first =
        plan_.nodes[plan_.root].forker == kNone ? plan_.root : plan_.nodes[plan_.root].forker;
    std::vector<uint32_t> order{first};
    for (size_t at = 0; at < order.size(); at++) {
        const Node& node = plan_.nodes[order[at]];
        for (const auto* list : {&node.early, &node.service, &node.late})
            order.insert(order.end(), list->begin(), list->end());
    }
    if (order.size() != plan_.nodes.size())
        fail(Errc::unsupported, "the sessions of the tree depend on each other in a circle");
    for (uint32_t at = 0; at < order.size(); at++)
        new_index[order[at]] = at;
    auto renumber = [&](std::vector<uint32_t>& list) {
        for (uint32_t& index : list)
            index = new_index[index];
    };
    ordered.nodes.reserve(order.size());
    for (uint32_t old : order) {
        Node node = std::move(plan_.nodes[old]);
        for (auto* list : {&node.early, &node.service, &node.late, &node.reap_joined})
            renumber(*list);
        node.parent = node.parent == kNone ? kNone : new_index[node.parent];
        node.forker = node.forker == kNone ? kNone : new_index[node.forker];
        ordered.nodes.push_back(std::move(node));
    }
    for (uint32_t index : plan_.node_of_task)
        ordered.node_of_task.push_back(new_index[index]);
    ordered.root = new_index[plan_.root];
    plan_ = std::move(ordered);
    for (uint32_t index = 0; index < plan_.nodes.size(); index++)
        settle_memory(index);
}

void Planner::settle_memory(uint32_t index) {
    const Node& node = plan_.nodes[index];
    for (const auto* list : {&node.early, &node.service})
        for (uint32_t child : *list)
            plan_.nodes[child].memory_of = node.memory_of;
    for (uint32_t child : node.late)
        plan_.nodes[child].memory_of = node.task == kNone ? node.memory_of : node.task;
}

PidPlan Planner::run() {
    for (uint32_t index = 0; index < image_.tasks.size(); index++) {
        const image::Task& task = image_.tasks[index];
        uint32_t node = make_node(index == 0 ? kNone : by_pid_.at(task.ppid()));
        Node& self = plan_.nodes[node];
        self.pid = task.pid();
        self.task = index;
        self.exit_signal = task.exit_signal();
        self.new_session = task.sid() == task.pid();
        by_pid_[task.pid()] = node;
        plan_.node_of_task.push_back(node);
    }
    plan_.root = plan_.node_of_task.front();
    place_root();
    for (size_t index = 1; index < image_.tasks.size(); index++)
        place(plan_.node_of_task[index]);
    for (const auto& [sid, members] : orphans_)
        place_orphans(sid, members);
    check_subreapers();
    plan_groups(image_, input_, plan_);
    order_nodes();
    return std::move(plan_);
}

}  // namespace

PidPlan plan_pids(const image::Image& image, const PidPlanInput& input) {
    return Planner(image, input).run();
}

uint32_t restored_session(const image::Image& image, const image::Task& task,
                          const PidPlanInput& input) {
    const image::Task& root = image.tasks.front();
    bool outside = input.shell_job && root.sid() != root.pid() && task.sid() == root.sid();
    return outside ? input.own_session : task.sid();
}

uint32_t restored_group(const image::Image& image, const image::Task& task,
                        const PidPlanInput& input) {
    const image::Task& root = image.tasks.front();
    bool outside = input.shell_job && root.sid() != root.pid() && root.pgid() != root.pid() &&
                   task.pgid() == root.pgid();
    return outside ? input.own_group : task.pgid();
}

}  // namespace crtool::restore
