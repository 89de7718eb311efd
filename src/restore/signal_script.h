// Handlers and pending signals.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// Takes what children that ended for the restore have sent. All signals are blocked, so they are
// pending; `signals` are the numbers that were sent, each as often as it was.
void emit_flush(TaskBuild& build, std::vector<uint32_t> signals);
// sigaction(2) of all signals that are not SIG_DFL. After every child that must become a zombie has
// become one: SIG_IGN for SIGCHLD would reap it.
void emit_actions(TaskBuild& build);
// The queue of the whole task; after emit_flush. A SIGSTOP cannot be blocked, and would stop the
// task at once: go_home.h sends it when all is done.
void emit_shared_pending(TaskBuild& build);
// The queue of one thread, from that thread.
void emit_private_pending(TaskBuild& build, const image::Thread& thread);

using Queue = google::protobuf::RepeatedPtrField<image::Siginfo>;
bool has_pending(const Queue& queue, int signal);

}  // namespace crtool::restore
