// See spawn.h.
#include "restore/spawn.h"

#include <sched.h>

namespace crtool::restore {
namespace {

// The interpreter needs less than half of it, in its deepest call (loading pages).
constexpr uint64_t kStackBytes = 8192;

}  // namespace

uint64_t put_clone_args(parasite::Arena& arena, const Spawn& spawn) {
    parasite::CloneArgs args{};
    args.flags = spawn.flags;
    // With CLONE_PARENT and CLONE_THREAD it is the forker's, and must not be named (clone3(2)).
    bool inherits = (spawn.flags & (CLONE_PARENT | CLONE_THREAD)) != 0;
    args.exit_signal = inherits ? 0 : spawn.exit_signal;
    args.stack = arena.take(kStackBytes);
    args.stack_size = kStackBytes;
    args.set_tid = arena.put(static_cast<int32_t>(spawn.pid));
    args.set_tid_size = 1;
    return arena.put(args);
}

void emit_spawn(TaskBuild& build, const Spawn& spawn) {
    uint64_t args = put_clone_args(build.script.arena(), spawn);
    build.script.call(spawn.flags & CLONE_THREAD ? "create it" : "create the task",
                      parasite::kSpawn, {args, spawn.script});
}

}  // namespace crtool::restore
