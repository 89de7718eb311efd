// Protection keys: what a dump makes of the kernel's answers, and which numbers a restore
// allocates, sets and frees, in order.
#include "restore/protection_keys.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "arch/x86_64/protection_keys.h"
#include "dump/protection_keys.h"

using namespace crtool;

namespace {

constexpr uint32_t kReadWrite = PROT_READ | PROT_WRITE;
constexpr uint64_t kPage = 4096;

void add_area(image::AddressSpace& mm, uint64_t page, uint32_t prot, uint32_t pkey) {
    image::Area& area = *mm.add_areas();
    area.set_start(page * kPage);
    area.set_end((page + 1) * kPage);
    area.set_prot(prot);
    area.set_pkey(pkey);
}

std::string text_of(const parasite::Op& op) {
    auto protect = [&] {
        return std::to_string(op.args[0] / kPage) + "+" + std::to_string(op.args[1] / kPage) +
               " prot " + std::to_string(op.args[2]);
    };
    switch (op.code) {
        case SYS_pkey_alloc:
            return "alloc " + std::to_string(op.args[2]);
        case SYS_pkey_free:
            return "free " + std::to_string(op.args[0]);
        case SYS_pkey_mprotect:
            return protect() + " key " + std::to_string(op.args[3]);
        case SYS_mprotect:
            return protect();
        default:
            return "?";
    }
}

std::vector<std::string> steps_of(const image::AddressSpace& mm, bool has_keys) {
    std::vector<std::byte> memory(1 << 16);
    parasite::Arena arena(memory.data(), 0x10000, memory.size());
    parasite::Steps steps;
    parasite::ScriptBuilder script(arena, steps, 1);
    restore::emit_protection_keys(mm, has_keys, script);
    const auto* made = arena.host<parasite::Script>(script.finish());
    std::vector<std::string> texts;
    for (uint32_t i = 0; i < made->count; i++)
        texts.push_back(text_of(arena.host<parasite::Op>(made->ops)[i]));
    return texts;
}

// What is recorded when pkey_mprotect has told that these are allocated.
image::ProtectionKeys keys_recorded(image::AddressSpace mm, uint32_t allocated) {
    std::vector<std::byte> memory(1 << 16);
    parasite::Arena arena(memory.data(), 0x10000, memory.size());
    parasite::Steps steps;
    parasite::ScriptBuilder script(arena, steps, 1);
    dump::KeyAnswers answers;
    for (uint32_t key = 0; key < arch::kProtectionKeys; key++)
        answers.push_back(script.call("ask", SYS_pkey_mprotect, {}));
    auto* ops = arena.host<parasite::Op>(arena.host<parasite::Script>(script.finish())->ops);
    for (uint32_t key = 0; key < arch::kProtectionKeys; key++)
        ops[key].result = (allocated >> key & 1) != 0 ? -ENOMEM : -EINVAL;
    dump::record_keys(script, answers, mm);
    return mm.protection_keys();
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("protection_keys: ordinary memory costs nothing") {
    image::AddressSpace mm;
    add_area(mm, 16, kReadWrite, 0);
    add_area(mm, 17, PROT_READ | PROT_EXEC, 0);
    CHECK(steps_of(mm, true).empty());
    CHECK(steps_of(mm, false).empty());
}

TEST_CASE("protection_keys: neighbours at once, what was free is free again") {
    image::AddressSpace mm;
    add_area(mm, 16, kReadWrite, 3);
    add_area(mm, 17, kReadWrite, 3);
    add_area(mm, 19, kReadWrite, 3);
    add_area(mm, 20, PROT_READ, 1);
    mm.mutable_protection_keys()->set_allocated(1 | 1 << 1);
    CHECK(steps_of(mm, true) == Texts{"alloc 1", "alloc 2", "alloc 3", "16+2 prot 3 key 3",
                                      "19+1 prot 3 key 3", "20+1 prot 1 key 1", "free 2",
                                      "free 3"});
    mm.mutable_protection_keys()->set_allocated(1 << 3);
    CHECK(steps_of(mm, true).back() == "free 2");
    CHECK(std::ranges::count(steps_of(mm, true), "free 0") == 1);
}

TEST_CASE("protection_keys: the kernel's own in its turn") {
    image::AddressSpace mm;
    add_area(mm, 16, PROT_EXEC, 0);
    add_area(mm, 18, PROT_EXEC, 2);
    mm.mutable_protection_keys()->set_allocated(1 | 1 << 3);
    mm.mutable_protection_keys()->set_execute_only(2);
    CHECK(steps_of(mm, true) ==
          Texts{"alloc 1", "18+1 prot 4", "alloc 3", "16+1 prot 4 key 0", "free 1"});
}

TEST_CASE("protection_keys: memory for execution alone where there were none") {
    image::AddressSpace mm;
    add_area(mm, 16, PROT_EXEC, 0);
    CHECK(steps_of(mm, true) == Texts{"16+1 prot 4 key 0"});
    CHECK(steps_of(mm, false) == Texts{"16+1 prot 4"});
}

TEST_CASE("protection_keys: the kernel's own is known by its areas") {
    image::AddressSpace mm;
    add_area(mm, 16, PROT_EXEC, 0);
    add_area(mm, 17, PROT_EXEC, 1);  // the program's
    add_area(mm, 18, PROT_EXEC, 2);  // freed, as other memory has it, too
    add_area(mm, 19, kReadWrite, 2);
    CHECK(keys_recorded(mm, 3).allocated() == 3);
    CHECK(keys_recorded(mm, 3).execute_only() == 0);
    add_area(mm, 20, PROT_EXEC, 3);
    CHECK(keys_recorded(mm, 3).execute_only() == 3);
}

TEST_CASE("protection_keys: rights by key") {
    constexpr uint32_t kRights = 1 << 2 | 2 << 4;  // 1: no access, 2: no writing
    CHECK(arch::may_write(kRights, 0));
    CHECK_FALSE(arch::may_read(kRights, 1));
    CHECK(arch::may_read(kRights, 2));
    CHECK_FALSE(arch::may_write(kRights, 2));
    CHECK(arch::may_write(kRights, 15));
    CHECK(arch::key_rights("") == 0);
}
