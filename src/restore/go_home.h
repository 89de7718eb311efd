// The end of a restore: every thread gets its own registers, crtool leaves every address space, and
// everybody is let go.
#pragma once

#include "restore/board_watch.h"
#include "restore/context.h"
#include "restore/tree.h"

namespace crtool::restore {

// Tasks that stop themselves once more, as job control had stopped them, are seen through it by
// their tracer; their parents wait for that. Between the releases of kReady and kDone.
void await_stops(const Context& ctx, BoardWatch& watch);
// Leaders whose threads live on alone have ended. Everybody has arrived at the last stage.
void await_leader_ends(const Context& ctx, BoardWatch& watch);
// All threads stand still with their own registers, nothing of crtool is in them; they would still
// die with the coordinator. After both waits.
void bring_home(const Context& ctx, const Tree& tree);
// The restore has succeeded. After connections have come to life: those outside would hear of an
// end, so nothing fails from there on.
void let_go(const Context& ctx, Tree& tree);

}  // namespace crtool::restore
