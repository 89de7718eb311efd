// NUMA policies: of threads (set_mempolicy(2)) and of areas (mbind(2)). See proto/memory.proto.
//
// Areas are many and policies rare, so a first script asks each area for its mode alone, and a
// second one, where there is anything to ask for, for the nodes. (/proc/PID/numa_maps would tell
// both, but goes through every page of the address space to count it.)
#pragma once

#include "dump/inside.h"
#include "dump/task_probe.h"
#include "parasite/script_builder.h"

namespace crtool::dump {

// Room that the scripts need in the arena.
uint64_t policy_bytes(const TaskProbe& task);

// Where the policy of one thread will be; for its own script.
uint64_t emit_policy_question(parasite::ScriptBuilder& script);
void record_policy(const TaskProbe& task, uint64_t answer, image::Thread& record);

// Asks for the modes of the task's areas, in the order of its record.
void emit_area_policy_questions(const TaskProbe& task, parasite::ScriptBuilder& script);
// When that script has run in all tasks: asks for the nodes where there is a policy, and records
// it.
void record_area_policies(std::vector<TaskProbe>& tasks, Problems& problems);

}  // namespace crtool::dump
