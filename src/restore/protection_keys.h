// Memory protection keys of a restored address space: the same numbers, allocated and on their
// areas.
//
// pkey_alloc(2) gives the lowest free number, so all are taken in order up to the highest that is
// wanted, and what was free at the dump is freed in the end, also a key that areas still have. The
// one for memory with PROT_EXEC alone the kernel takes by itself, in the same order, when it first
// sees such memory: so there is none before its turn (built_protection of memory_plan.h). A child
// would inherit the keys; it gets its own, as all are born before anybody has any.
//
// Until a thread goes home with its own rights it has those of the coordinator, which are all.
#pragma once

#include "parasite/script_builder.h"
#include "proto/memory.pb.h"

namespace crtool::restore {

// After the last change to the areas of a task, but for locks and seals. `has_keys`: this machine.
void emit_protection_keys(const image::AddressSpace& mm, bool has_keys,
                          parasite::ScriptBuilder& script);

}  // namespace crtool::restore
