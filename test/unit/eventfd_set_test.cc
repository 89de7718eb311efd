// How a task finds out the mode of an eventfd: the counter is afterwards what it was.
#include "dump/eventfd_set.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <span>
#include <vector>

#include "sys/fd.h"
#include "sys/proc_dir.h"
#include "sys/proc_fdinfo.h"

using namespace crtool;

namespace {

uint64_t counter_of(const sys::UniqueFd& fd) {
    std::string text = sys::ProcDir(::getpid()).read(fmt::format("fdinfo/{}", fd.get()));
    return sys::fdinfo_number(sys::parse_fdinfo(text).find("eventfd-count").value(), 16);
}

// Runs the script as the blob does.
void run(std::span<parasite::Op> ops) {
    for (size_t i = 0; i < ops.size(); i++) {
        parasite::Op& op = ops[i];
        uint64_t args[6];
        for (size_t arg = 0; arg < 6; arg++)
            args[arg] = (op.refs >> arg & 1) != 0 ? static_cast<uint64_t>(ops[op.args[arg]].result)
                                                  : op.args[arg];
        CHECK(op.accept == parasite::kGoOn);
        if (op.code == parasite::kSkipOnError) {
            i += static_cast<int64_t>(args[0]) < 0 ? args[1] : 0;
            continue;
        }
        op.result = ::syscall(op.code, args[0], args[1], args[2], args[3], args[4], args[5]);
    }
}

// What the first read gave; 0 for nothing.
uint64_t ask(int fd, uint64_t counter) {
    std::vector<uint64_t> memory(256);
    auto* bytes = reinterpret_cast<std::byte*>(memory.data());
    parasite::Arena arena(bytes, reinterpret_cast<uint64_t>(bytes),
                          dump::kEventfdQuestionBytes + sizeof(parasite::Script) + 64);
    parasite::Steps steps;
    parasite::ScriptBuilder script(arena, steps, 1);
    dump::EventfdAnswer answer = dump::emit_eventfd_question(fd, counter, script);
    const auto* made = arena.host<parasite::Script>(script.finish());
    run({arena.host<parasite::Op>(made->ops), made->count});
    return script.result(answer.taken).result < 0 ? 0 : *arena.host<uint64_t>(answer.count);
}

}  // namespace

TEST_CASE("an eventfd keeps its counter when its mode is found out") {
    uint64_t counter = GENERATE(uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{3},
                                uint64_t{1} << 40, UINT64_MAX - 1);
    int flags = GENERATE(0, EFD_NONBLOCK);
    for (int mode : {0, static_cast<int>(EFD_SEMAPHORE)}) {
        sys::UniqueFd fd(::eventfd(0, mode | flags));
        REQUIRE(::write(fd.get(), &counter, sizeof counter) == sizeof counter);
        uint64_t got = ask(fd.get(), counter);
        CHECK((got == 1) == (mode == EFD_SEMAPHORE));
        CHECK(got != 0);
        CHECK(counter_of(fd) == counter);
    }
}

TEST_CASE("an eventfd that somebody else has emptied stays empty") {
    sys::UniqueFd fd(::eventfd(0, EFD_NONBLOCK));
    CHECK(ask(fd.get(), 5) == 0);
    CHECK(counter_of(fd) == 0);
}
