// The processes of a restore, from the first one's creation until they are let go.
//
// Until let_go() the tree belongs to the coordinator: its destructor kills every process of it and
// waits until they are gone. The coordinator is a subreaper meanwhile, so that what loses its
// parent then is its to reap.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "restore/context.h"
#include "restore/task_script.h"
#include "sys/fd.h"

namespace crtool::restore {

class Tree {
  public:
    // Refuses when a saved id is taken, and says by whom.
    Tree(const Context& ctx, const TaskScripts& scripts, bool sibling);
    ~Tree();
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    // Makes the first process, which makes all others.
    void create();
    // All living tasks, when they exist; after that they die with the coordinator.
    void seize_tasks(unsigned options);
    // Their threads, when they exist.
    void seize_threads(unsigned options);
    // The helper that has made the root, if there was one, has ended.
    void reap_helper();
    // Which process has ended that should not; empty: none.
    std::string unexpected_death() const;
    // The tree is complete: it is nobody's business any more.
    void let_go();

    pid_t root() const { return static_cast<pid_t>(ctx_.image.tasks.front().pid()); }

    // Ids of everybody that is traced.
    const std::vector<pid_t>& traced() const { return traced_; }

  private:
    void await_free_ids() const;
    void kill_all() noexcept;
    void reap_all() noexcept;

    const Context& ctx_;
    const TaskScripts& scripts_;
    bool sibling_;
    bool alive_ = false;
    pid_t helper_ = 0;  // not yet reaped
    std::vector<pid_t> traced_;
};

}  // namespace crtool::restore
