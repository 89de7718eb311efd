// What all parts of a restore share while scripts are compiled: the image with look-ups, the plans,
// the arena, and the numbers of the descriptors that every restored task inherits.
//
// Everything is planned and compiled before the first task is made, by one thread. Service
// descriptors are open in the coordinator and inherited through every fork under the same numbers,
// in a range that no saved number is in. The arena has the same address in the coordinator and in
// every task, so an address in it is also a pointer here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "image/image.h"
#include "parasite/arena.h"
#include "parasite/script.h"
#include "parasite/script_builder.h"
#include "restore/files.h"
#include "restore/memory_plan.h"
#include "restore/options.h"
#include "restore/own_state.h"
#include "restore/page_runs.h"
#include "restore/pid_plan.h"
#include "restore/service_range.h"
#include "restore/vdso_plan.h"

namespace crtool::restore {

class PosixMqueues;
class SysvIpc;

// How far the restore has come; words of the board count up to these (docs: ARCHITECTURE.md).
enum Stage : uint32_t {
    kTree = 1,     // every task exists, and the threads that open files stand for
    kOpened = 2,   // owners have opened their files, groups are joined
    kShared = 3,   // the others have taken theirs
    kThreads = 4,  // every thread exists
    kReady = 5,    // every thread has done its own part
    kDone = 6,     // what must come after everybody's own part
};

// Result of the operation in which a thread sleeps on, until it returns (sleep_script.h).
inline constexpr int64_t kAsleep = INT64_MIN;

struct ServiceNumbers {
    ServiceRange range = {};
    int control = -1;                             // read end of the control pipe
    int pages = -1;                               // pages.img
    std::unordered_map<uint32_t, int> mapped;     // OpenFile.id of files to map, or to be exe
    std::unordered_map<uint32_t, int> contents;   // Content.id of shared memory to map
    std::unordered_map<uint32_t, int> terminals;  // Tty.id of controlling terminals: a slave
};

struct Context {
    const Options& options;
    const image::Image& image;
    const OwnState& own;
    const PidPlan& pids;
    const MemoryPlan& memory;
    Files& files;
    const PageRuns& pages;
    parasite::Arena& arena;
    parasite::Steps& steps;
    ServiceNumbers service = {};
    VdsoPlan vdso = {};

    const SysvIpc* ipc = nullptr;
    const PosixMqueues* mqueues = nullptr;
    int pages_fd = -1;   // pages.img in the coordinator
    uint64_t blob = 0;   // address of the code
    uint64_t board = 0;  // address of parasite::Board

    parasite::Board* board_on_host() const { return arena.host<parasite::Board>(board); }

    // Address of a word of the board.
    uint64_t stage_word() const { return board + offsetof(parasite::Board, stage); }

    uint64_t arrivals(Stage stage) const {
        return board + offsetof(parasite::Board, arrived) + sizeof(uint32_t) * stage;
    }

    // Tasks whose threads are there from stage kTree on (named_threads.h), by pid.
    std::unordered_set<uint32_t> early_threads = {};
    uint32_t expected[8] = {};                          // arrivals at each stage
    std::unordered_map<uint32_t, uint64_t> turns = {};  // zombie's pid: the word that lets it end
    std::unordered_map<uint32_t, parasite::Op*> sleeps = {};  // tid: its call, when it sleeps on
    std::vector<uint32_t*> leaders_alive =
        {};                     // 0 when the leader has ended that its threads outlive
    std::string core_dir = {};  // working directory of those that end with a core dump; empty: none
    uint64_t all_signals = 0;   // address of a mask with every signal in it

    std::span<const image::Task* const> children_of(uint32_t pid) const {
        auto found = children.find(pid);
        if (found == children.end())
            return {};
        return found->second;
    }

    std::unordered_map<uint32_t, std::vector<const image::Task*>> children = {};  // by parent's pid
    std::unordered_map<uint32_t, const image::SeccompFilter*> filters = {};       // by id
    std::unordered_map<uint32_t, const image::PageIndex*> page_indexes = {};      // by pid
    std::unordered_map<uint32_t, const image::Tty*> session_terminals = {};       // by session
};

// One task while its script is written.
struct TaskBuild {
    Context& ctx;
    const image::Task& task;
    uint32_t node;  // index in PidPlan::nodes
    parasite::ScriptBuilder& script;
    uint64_t seccomp_word = 0;  // set when the leader has installed the common filters; 0: no need
    uint64_t alive_word = 0;    // cleared when the leader has ended; 0: it lives on

    uint32_t sleeping = UINT32_MAX;  // index of the operation in which the thread sleeps on

    // Makes the script; its address.
    uint64_t finish(uint32_t id) {
        uint64_t address = script.finish(ctx.board, id);
        if (sleeping != UINT32_MAX) {
            auto* op = const_cast<parasite::Op*>(&script.result(parasite::Ref{sleeping}));
            op->result = kAsleep;
            ctx.sleeps[id] = op;
        }
        return address;
    }

    const Node& plan() const { return ctx.pids.nodes[node]; }

    void arrive(Stage stage) {
        script.call("arrive at a meeting point", parasite::kArrive,
                    {ctx.arrivals(stage), ctx.expected[stage]});
    }

    void wait(Stage stage) {
        script.call("wait for the other tasks", parasite::kWaitFor, {ctx.stage_word(), stage});
    }
};

}  // namespace crtool::restore
