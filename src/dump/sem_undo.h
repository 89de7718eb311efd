// What tasks would undo at their end (SEM_UNDO): how the kernel is asked stands in
// proto/sysv_sem.proto.
//
// look() finds who has a list at all; for those, bytes() and ask() belong to the scripts of the
// visit, and answer() comes when these have run: it tells which semaphores are to be looked at
// closely, and does so, with one system call of the task for each halving.
#pragma once

#include <sys/sem.h>

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "dump/problems.h"
#include "dump/task_probe.h"
#include "parasite/script_builder.h"
#include "sys/sysv_sem.h"

namespace crtool::dump {

class SemUndo {
  public:
    struct Found {
        pid_t task;
        int set;
        unsigned number;
        int adjustment;
    };

    void look(const std::map<int, sys::SemSet>& sets, std::span<const TaskProbe> tasks);

    // Room in the arena of a task.
    uint64_t bytes(const TaskProbe& task) const;
    // To the script of live thread `index`.
    void ask(const TaskProbe& task, size_t index, parasite::ScriptBuilder& script);
    void answer(TaskProbe& task, std::span<const TaskProbe> tasks, Problems& problems);

    const std::vector<Found>& found() const { return found_; }

  private:
    // Semaphores that one call asks about.
    struct Question {
        const sys::SemSet* set;
        std::vector<unsigned> numbers;
        bool negative;  // adjustments below 0, not above
    };

    // A list of a task, and the operations that asked for it.
    struct List {
        pid_t task;
        size_t thread;
        std::vector<parasite::Ref> asked;  // one a question
    };

    bool is_carried(TaskProbe& task, const List& list, const Question& question,
                    std::span<const TaskProbe> tasks, Problems& problems) const;
    void measure(TaskProbe& task, const Question& question);

    std::vector<Question> questions_;
    std::vector<List> lists_;
    std::vector<Found> found_;
};

// Operations that move the adjustment of a semaphore to the edge of its range if it is `from`, and
// its value, which is `value`, nowhere: ERANGE tells that the adjustment is greater (less, for a
// negative one).
void add_undo_test(const sys::SemSet& set, unsigned number, int from, bool negative,
                   std::vector<sembuf>& operations);

}  // namespace crtool::dump
