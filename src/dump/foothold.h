// Finds in each task what a session there needs: instructions to borrow, room on the stacks, and a
// free stretch of addresses.
//
// Text is read out of the task, a file's only in the first task that has it mapped; in the others
// the bytes found are compared.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "dump/task_probe.h"
#include "tracee/foothold.h"

namespace crtool::dump {

class Footholds {
  public:
    // `tasks` must outlive it; areas and threads have been looked at.
    explicit Footholds(const std::vector<TaskProbe>& tasks);

    // With `bytes` free at its free_address. Throws Errc::unsupported when the task has no system
    // call instruction.
    tracee::Foothold of(const TaskProbe& task, uint64_t bytes);

  private:
    // Of a mapped text: its file, where in it, and how much.
    using Text = std::tuple<uint32_t, uint32_t, uint64_t, uint64_t, uint64_t>;

    const TaskProbe& owner_of_memory(const TaskProbe& task) const;
    void search(const sys::Area& area, pid_t tid, arch::BorrowedCode& found);
    arch::BorrowedCode borrow(const TaskProbe& task, const std::vector<sys::Area>& areas);
    uint64_t take_room(const TaskProbe& owner, uint64_t bytes);

    std::map<pid_t, const TaskProbe*> by_pid_;
    std::map<Text, arch::BorrowedCode> texts_;  // what was found, as offsets
    std::map<pid_t, uint64_t> taken_;  // of each address space: where the last free stretch began
};

}  // namespace crtool::dump
