// `crtool show`: the threads of a task.
#include <fmt/format.h>

#include "cli/show_sections.h"
#include "cli/show_text.h"

namespace crtool::cli {
namespace {

using image::Thread;

std::string policy_text(const image::Scheduling& sched) {
    switch (sched.policy()) {
        case 0:
            return fmt::format("nice {}", sched.nice());
        case 1:
            return fmt::format("fifo {}", sched.rt_priority());
        case 2:
            return fmt::format("round robin {}", sched.rt_priority());
        case 3:
            return fmt::format("batch, nice {}", sched.nice());
        case 5:
            return "idle";
        case 6:
            return "deadline";
        default:
            return fmt::format("policy {}", sched.policy());
    }
}

// A thread in a system call has its number in orig_rax; -1 otherwise.
std::string doing(const Thread& thread) {
    auto number = static_cast<int64_t>(thread.registers().orig_rax());
    if (thread.exited())
        return "exited";
    return number < 0 ? "user code" : fmt::format("system call {}", number);
}

void show_registers(const image::Registers& r, std::string& out) {
    out += fmt::format(
        "      rax {:016x}  rbx {:016x}  rcx {:016x}  rdx {:016x}\n"
        "      rsi {:016x}  rdi {:016x}  rbp {:016x}  rsp {:016x}\n"
        "      r8  {:016x}  r9  {:016x}  r10 {:016x}  r11 {:016x}\n"
        "      r12 {:016x}  r13 {:016x}  r14 {:016x}  r15 {:016x}\n"
        "      rip {:016x}  fl  {:016x}  fs  {:016x}  gs  {:016x}\n",
        r.rax(), r.rbx(), r.rcx(), r.rdx(), r.rsi(), r.rdi(), r.rbp(), r.rsp(), r.r8(), r.r9(),
        r.r10(), r.r11(), r.r12(), r.r13(), r.r14(), r.r15(), r.rip(), r.eflags(), r.fs_base(),
        r.gs_base());
}

void show_details(const Thread& thread, std::string& out) {
    out += fmt::format("    Thread {}\n", thread.tid());
    show_registers(thread.registers(), out);
    out +=
        fmt::format("      extended registers {}, alternate stack {:#x}+{:#x}, robust list {:#x}\n",
                    size_text(thread.xstate().size()), thread.altstack().sp(),
                    thread.altstack().size(), thread.robust_list());
    out += fmt::format("      clear_child_tid {:#x}, rseq {:#x}, blocks {}\n",
                       thread.clear_child_tid(), thread.rseq().address(),
                       signal_set(thread.signal_mask()));
}

}  // namespace

void show_threads(const ShowView& view, const image::Task& task, std::string& out) {
    using enum Table::Align;
    if (task.threads_size() > 1 || view.everything()) {
        Table table("    ", {{"THREAD", right}, {"NAME"}, {"AT", right}, {"IN"}, {"RUNS AS"}});
        for (const Thread& thread : task.threads())
            table.add({fmt::format("{}", thread.tid()), printable(thread.comm()),
                       fmt::format("{:x}", thread.registers().rip()), doing(thread),
                       policy_text(thread.sched())});
        out += "  Threads\n";
        table.print(out);
    } else if (task.threads_size() == 1) {
        const Thread& thread = task.threads(0);
        add_line(out, "stands in",
                 fmt::format("{} at {:#x}", doing(thread), thread.registers().rip()));
    }
    if (!view.everything())
        return;
    for (const Thread& thread : task.threads()) {
        if (thread.has_registers())
            show_details(thread, out);
    }
}

}  // namespace crtool::cli
