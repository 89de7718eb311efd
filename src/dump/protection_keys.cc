// See protection_keys.h.
#include "dump/protection_keys.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "arch/x86_64/protection_keys.h"
#include "base/error.h"

namespace crtool::dump {
namespace {

// Of the kernel: no task has memory there, whatever its page tables.
constexpr uint64_t kNowhere = 0xffffffffffffe000;

// Several keys can be freed and still used. What has other rights, too, is not the kernel's own.
uint32_t execute_only_key(const image::AddressSpace& mm, uint32_t allocated) {
    uint32_t candidates = 0;
    uint32_t others = allocated | 1;
    for (const image::Area& area : mm.areas())
        (area.prot() == PROT_EXEC ? candidates : others) |= 1U << area.pkey();
    candidates &= ~others;
    return candidates == 0 ? 0 : static_cast<uint32_t>(std::countr_zero(candidates));
}

}  // namespace

KeyAnswers ask_keys(const TaskProbe& task, parasite::ScriptBuilder& script) {
    KeyAnswers answers;
    if (!task.record.has_mm() || !arch::has_protection_keys())
        return answers;
    script.about("protection keys");
    for (uint32_t key = 0; key < arch::kProtectionKeys; key++)
        answers.push_back(script.call("ask for one", SYS_pkey_mprotect,
                                      {kNowhere, parasite::kPageBytes, PROT_NONE, key},
                                      parasite::kAny));
    return answers;
}

void record_keys(const parasite::ScriptBuilder& script, const KeyAnswers& answers,
                 image::AddressSpace& mm) {
    if (answers.empty())
        return;
    uint32_t allocated = 0;
    for (uint32_t key = 0; key < answers.size(); key++)
        if (script.result(answers[key]).result == -ENOMEM)
            allocated |= 1U << key;
    mm.mutable_protection_keys()->set_allocated(allocated);
    mm.mutable_protection_keys()->set_execute_only(execute_only_key(mm, allocated));
}

void check_key_rights(std::span<const TaskProbe> tasks) {
    for (const TaskProbe& task : tasks)
        for (const tracee::ThreadState& thread : task.threads)
            if (!arch::may_write(arch::key_rights(thread.xstate), 0))
                fail(Errc::busy,
                     "thread {} denies itself the default protection key, so that nothing can be "
                     "done inside of it; dump it when it does not",
                     thread.tid);
}

}  // namespace crtool::dump
