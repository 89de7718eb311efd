// See seccomp_script.h.
#include "restore/seccomp_script.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>

namespace crtool::restore {
namespace {

// struct sock_fprog.
struct Program {
    uint16_t length;
    uint16_t padding[3];
    uint64_t filter;
};

// How many filters, from the oldest on, all live threads have in common.
int common_filters(const image::Task& task) {
    const image::Thread* first = nullptr;
    int common = 0;
    for (const image::Thread& thread : task.threads()) {
        if (thread.exited())
            continue;
        if (first == nullptr) {
            first = &thread;
            common = thread.seccomp_filters_size();
            continue;
        }
        int same = 0;
        while (same < std::min(common, thread.seccomp_filters_size()) &&
               thread.seccomp_filters(same) == first->seccomp_filters(same))
            same++;
        common = same;
    }
    return common;
}

// A thread may install filters without CAP_SYS_ADMIN only under no_new_privs; restored threads
// still have the capability here, so no_new_privs stays as it was.
void install(TaskBuild& build, uint32_t id, uint64_t more_flags) {
    const image::SeccompFilter& filter = *build.ctx.filters.at(id);
    parasite::Arena& arena = build.script.arena();
    auto length = static_cast<uint16_t>(filter.program().size() / sizeof(sock_filter));
    uint64_t program = arena.put(Program{length, {}, arena.put_bytes(filter.program())});
    // With TSYNC a positive result is the thread that could not follow.
    build.script.about("seccomp filter", id);
    build.script.call("install it", SYS_seccomp,
                      {SECCOMP_SET_MODE_FILTER, filter.flags() | more_flags, program},
                      parasite::kZero);
}

}  // namespace

bool uses_seccomp(const image::Image& image) {
    return std::ranges::any_of(image.tasks, [](const image::Task& task) {
        return std::ranges::any_of(task.threads(),
                                   [](const auto& thread) { return thread.seccomp_mode() != 0; });
    });
}

bool seccomp_differs(const image::Task& task) {
    int common = common_filters(task);
    return std::ranges::any_of(
        task.threads(), [&](const auto& thread) { return thread.seccomp_filters_size() > common; });
}

void emit_common_seccomp(TaskBuild& build) {
    int common = common_filters(build.task);
    bool threads = build.task.threads_size() > 1;
    for (int i = 0; i < common; i++) {
        bool last = i + 1 == common;
        install(build, build.task.threads(0).seccomp_filters(i),
                last && threads ? SECCOMP_FILTER_FLAG_TSYNC : 0);
    }
}

void emit_own_seccomp(TaskBuild& build, const image::Thread& thread) {
    for (int i = common_filters(build.task); i < thread.seccomp_filters_size(); i++)
        install(build, thread.seccomp_filters(i), 0);
    if (thread.seccomp_mode() == SECCOMP_MODE_STRICT)
        build.script.call("enter strict seccomp mode", SYS_prctl,
                          {PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0});
}

}  // namespace crtool::restore
