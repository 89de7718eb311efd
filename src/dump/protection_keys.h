// Which protection keys a task has allocated, and what they mean for a dump.
//
// The kernel shows nobody the map of allocated keys, but pkey_mprotect(2) looks at it before it
// looks for memory: at an address where nothing is, it says EINVAL for a key that is not allocated
// and ENOMEM for one that is. So nothing has to be allocated or changed to know. The key that the
// kernel allocates by itself for memory with PROT_EXEC alone answers like one that is free; areas
// show it.
//
// The code inside a task works with the rights of its thread. Memory that those hide is read from
// outside (pages.h), and a thread that denies itself the default key cannot work at all.
#pragma once

#include <span>

#include "dump/task_probe.h"
#include "parasite/script_builder.h"

namespace crtool::dump {

// One a key; empty where the CPU has none, or the task has no address space of its own.
using KeyAnswers = std::vector<parasite::Ref>;

KeyAnswers ask_keys(const TaskProbe& task, parasite::ScriptBuilder& script);
void record_keys(const parasite::ScriptBuilder& script, const KeyAnswers& answers,
                 image::AddressSpace& mm);

// Throws Errc::busy: a thread has the right to its own stack again as soon as it needs it.
void check_key_rights(std::span<const TaskProbe> tasks);

}  // namespace crtool::dump
