// See policy_script.h.
#include "restore/policy_script.h"

#include <sys/syscall.h>

namespace crtool::restore {
namespace {

struct Nodes {
    uint64_t mask = 0;
    uint64_t limit = 0;
};

// The kernel takes one bit less than it is told (get_nodes in mm/mempolicy.c).
Nodes put_nodes(TaskBuild& build, const image::MemoryPolicy& policy) {
    if (policy.nodes().empty())
        return {};
    return {build.script.arena().put_bytes(policy.nodes()), policy.nodes().size() * 8 + 1};
}

}  // namespace

void emit_thread_policy(TaskBuild& build, const image::Thread& thread) {
    if (!thread.has_memory_policy())
        return;
    const image::MemoryPolicy& policy = thread.memory_policy();
    Nodes nodes = put_nodes(build, policy);
    build.script.call("set the memory policy", SYS_set_mempolicy,
                      {policy.mode(), nodes.mask, nodes.limit});
}

void emit_area_policy(TaskBuild& build, const image::Area& area, uint64_t start, uint64_t end) {
    if (!area.has_policy())
        return;
    Nodes nodes = put_nodes(build, area.policy());
    build.script.call("set the memory policy of an area", SYS_mbind,
                      {start, end - start, area.policy().mode(), nodes.mask, nodes.limit, 0});
}

}  // namespace crtool::restore
