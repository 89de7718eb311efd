// See membarrier.h.
#include "dump/membarrier.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>

#include <iterator>

#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

// Who has not registered for a barrier is denied it, and who has is given it, which harms nobody.
// What the kernel tells (≥ 6.3) is too much: registering for one kind half marks the first as well.
struct Trial {
    uint64_t barrier;
    uint32_t registration;
};

constexpr Trial kTrials[] = {
    {MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED},
    {MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
     MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE},
    {MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ},
};

}  // namespace

std::vector<parasite::Ref> emit_membarrier_questions(parasite::ScriptBuilder& script) {
    std::vector<parasite::Ref> answers;
    auto ask = [&](uint64_t command) {
        answers.push_back(
            script.call("ask for its barriers", SYS_membarrier, {command, 0, 0}, parasite::kAny));
    };
    ask(MEMBARRIER_CMD_GET_REGISTRATIONS);
    for (const Trial& trial : kTrials)
        ask(trial.barrier);
    return answers;
}

uint32_t membarrier_registrations(const parasite::ScriptBuilder& script,
                                  const std::vector<parasite::Ref>& answers) {
    auto result = [&](size_t i) { return script.result(answers[i]).result; };
    uint32_t told = result(0) < 0 ? 0 : static_cast<uint32_t>(result(0));
    uint32_t registrations = told & MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED;
    for (size_t i = 0; i < std::size(kTrials); i++)
        if (result(i + 1) >= 0)
            registrations |= kTrials[i].registration;
    return registrations;
}

}  // namespace crtool::dump
