// The script of a task: the order of everything that it does from its birth until it is parked.
#pragma once

#include <deque>
#include <vector>

#include "restore/context.h"

namespace crtool::restore {

// What the host looks at afterwards.
struct CompiledNode {
    uint64_t script = 0;                    // address; 0: not compiled yet
    const parasite::Op* pid = nullptr;      // result: its own id, as soon as it lives
    const parasite::Op* parent = nullptr;   // result: its parent's id, from stage kOpened on
    const parasite::Op* session = nullptr;  // result: its session
};

class TaskScripts {
  public:
    // Compiles scripts of all nodes, forked ones first. Fills Context::expected on the way.
    explicit TaskScripts(Context& ctx);

    // By node index.
    const std::vector<CompiledNode>& nodes() const { return nodes_; }

    // Address of clone3 arguments with which the coordinator makes node 0.
    uint64_t first_clone_args() const { return first_args_; }

    // After stage kShared: descriptors got the numbers that were planned.
    void check_descriptors() const;
    // After stage kOpened: everybody has the ids that the image says.
    void check_ids() const;

  private:
    void compile(uint32_t node);
    void count_arrivals();

    Context& ctx_;
    std::vector<CompiledNode> nodes_;
    std::deque<parasite::ScriptBuilder> builders_;  // by node, last one first
    std::vector<const parasite::ScriptBuilder*> of_node_;
    uint64_t first_args_ = 0;
};

}  // namespace crtool::restore
