// membarrier(2): which barriers the threads of an address space have registered for.
#pragma once

#include <cstdint>
#include <vector>

#include "parasite/script_builder.h"

namespace crtool::dump {

// The questions, and what the answers to them say: MEMBARRIER_CMD_REGISTER_*. A kernel before 6.3
// does not tell who takes part in the global barriers of others.
std::vector<parasite::Ref> emit_membarrier_questions(parasite::ScriptBuilder& script);
uint32_t membarrier_registrations(const parasite::ScriptBuilder& script,
                                  const std::vector<parasite::Ref>& answers);

}  // namespace crtool::dump
