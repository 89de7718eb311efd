// See memory_policy.h.
#include "dump/memory_policy.h"

#include <linux/mempolicy.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string_view>

namespace crtool::dump {
namespace {

constexpr uint64_t kMaxNodes = 1024;  // the kernel's greatest configuration (NODES_SHIFT)
constexpr uint64_t kMaskBytes = kMaxNodes / 8;
constexpr uint64_t kModeBytes = 8;

// An answer is the mode, and behind it the mask of nodes.
void fill(const parasite::Arena& arena, uint64_t answer, image::MemoryPolicy& record) {
    std::string_view nodes(arena.host<char>(answer + kModeBytes), kMaskBytes);
    size_t last = nodes.find_last_not_of('\0');
    size_t words = last == std::string_view::npos ? 0 : last / sizeof(uint64_t) + 1;
    record.set_mode(*arena.host<uint32_t>(answer));
    record.set_nodes(std::string(nodes.substr(0, words * sizeof(uint64_t))));
}

uint32_t mode_of(const TaskProbe& task, int area) {
    uint64_t modes = task.answers->area_policies;
    return task.session->arena().host<uint32_t>(modes)[area];
}

bool has_policies(const TaskProbe& task) {
    if (task.session == nullptr || task.answers->area_policies == 0)
        return false;
    const uint32_t* modes = task.session->arena().host<uint32_t>(task.answers->area_policies);
    return std::any_of(modes, modes + task.record.mm().areas_size(),
                       [](uint32_t mode) { return mode != MPOL_DEFAULT; });
}

// The kernel's own areas have no policy; vsyscall is not even an area to get_mempolicy(2).
bool can_have_policy(const image::Area& area) {
    return area.kind() == image::Area::ANON || area.kind() == image::Area::FILE ||
           area.kind() == image::Area::SHMEM;
}

// The second script, on its way in one task.
struct Asked {
    TaskProbe& task;
    parasite::ScriptBuilder script;
    std::vector<std::pair<int, uint64_t>> answers;  // index of the area, where its answer is

    explicit Asked(TaskProbe& probe)
        : task(probe), script(probe.session->arena(), probe.session->steps(), probe.pid()) {}
};

void ask_nodes(Asked& asked) {
    const auto& areas = asked.task.record.mm().areas();
    asked.script.about("memory policies");
    for (int i = 0; i < areas.size(); i++) {
        if (mode_of(asked.task, i) == MPOL_DEFAULT)
            continue;
        uint64_t answer = asked.script.arena().take(kModeBytes + kMaskBytes);
        asked.script.call("read that of an area", SYS_get_mempolicy,
                          {answer, answer + kModeBytes, kMaxNodes, areas[i].start(), MPOL_F_ADDR});
        asked.answers.emplace_back(i, answer);
    }
    asked.task.session->start(0, asked.script.finish());
}

}  // namespace

uint64_t policy_bytes(const TaskProbe& task) {
    constexpr uint64_t kPerThread = sizeof(parasite::Op) + kModeBytes + kMaskBytes + 16;
    constexpr uint64_t kPerArea =
        2 * sizeof(parasite::Op) + sizeof(uint32_t) + kModeBytes + kMaskBytes + 16;
    return task.threads.size() * kPerThread +
           static_cast<uint64_t>(task.record.mm().areas_size()) * kPerArea + 256;
}

uint64_t emit_policy_question(parasite::ScriptBuilder& script) {
    uint64_t answer = script.arena().take(kModeBytes + kMaskBytes);
    // ENOSYS without NUMA: then all stays zero, which is MPOL_DEFAULT.
    script.call("read the memory policy", SYS_get_mempolicy,
                {answer, answer + kModeBytes, kMaxNodes, 0, 0}, parasite::kAny);
    return answer;
}

void record_policy(const TaskProbe& task, uint64_t answer, image::Thread& record) {
    if (*task.session->arena().host<uint32_t>(answer) != MPOL_DEFAULT)
        fill(task.session->arena(), answer, *record.mutable_memory_policy());
}

void emit_area_policy_questions(const TaskProbe& task, parasite::ScriptBuilder& script) {
    const auto& areas = task.record.mm().areas();
    uint64_t modes = script.arena().take(static_cast<uint64_t>(areas.size()) * sizeof(uint32_t));
    task.answers->area_policies = modes;
    script.about("memory policies");
    for (int i = 0; i < areas.size(); i++)
        if (can_have_policy(areas[i]))
            script.call("read that of an area", SYS_get_mempolicy,
                        {modes + static_cast<uint64_t>(i) * sizeof(uint32_t), 0, 0,
                         areas[i].start(), MPOL_F_ADDR},
                        parasite::kAny);
}

void record_area_policies(std::vector<TaskProbe>& tasks, Problems& problems) {
    std::vector<Asked> all;
    for (TaskProbe& task : tasks) {
        if (!has_policies(task))
            continue;
        if (task.session->shut())
            problems.add(task.pid(), "memory policy of an area",
                         "cannot be asked for without a free descriptor", "raise RLIMIT_NOFILE");
        else
            all.emplace_back(task);
    }
    for (Asked& asked : all)
        ask_nodes(asked);
    for (Asked& asked : all) {
        asked.task.session->finish(0);
        for (auto [area, answer] : asked.answers)
            fill(asked.task.session->arena(), answer,
                 *asked.task.record.mutable_mm()->mutable_areas(area)->mutable_policy());
    }
}

}  // namespace crtool::dump
