// Eventfds whose mode the kernel does not tell (before 6.5), while descriptors are collected.
//
// add() comes with each, ask() when crtool is at work in the tasks: a task tries out the mode, with
// no risk for the counter when crtool dies (see proto/eventfd.proto).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dump/fd_probe.h"
#include "dump/problems.h"
#include "dump/task_probe.h"
#include "parasite/script_builder.h"
#include "proto/open_file.pb.h"

namespace crtool::dump {

// Where the answer will be: the address of the count that was taken first, and the operation that
// took it, which fails when there was nothing.
struct EventfdAnswer {
    uint64_t count = 0;
    parasite::Ref taken{};
};

// `counter`: what is in it. Room: kEventfdQuestionBytes.
EventfdAnswer emit_eventfd_question(int fd, uint64_t counter, parasite::ScriptBuilder& script);
inline constexpr uint64_t kEventfdQuestionBytes = 512;

class EventfdSet {
  public:
    // For open file `file`, which a task has as a descriptor.
    void add(const FdProbe& probe, uint32_t file, uint64_t counter);

    // Room in the arena of a task.
    uint64_t bytes(const TaskProbe& task) const;
    // Every session has done its other questions.
    void ask(const std::vector<TaskProbe>& tasks, Problems& problems);

    // Fills in the modes; index of `files`: id − 1.
    void record(std::vector<image::OpenFile>& files) const;

  private:
    struct Entry {
        pid_t task = 0;
        int fd = -1;
        std::string object;  // for messages
        uint32_t file = 0;
        uint64_t counter = 0;
        EventfdAnswer answer;
        bool semaphore = false;
    };

    void ask_in(const TaskProbe& task, Problems& problems);

    std::vector<Entry> entries_;
};

}  // namespace crtool::dump
