// Credentials of whom a unix socket has met: the other side has seen them when it was called, as
// SO_PEERCRED and SO_PEERGROUPS.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

// Emit the steps in which root takes `creds`, and in which it is root again.
void take_creds(const FileBuild& build, const image::UnixCreds& creds);
void give_up_creds(const FileBuild& build, const image::UnixCreds& creds);

// What `emit` emits is done by whom `creds` tell; nullptr: by the task itself.
template <typename Emit>
void act_as(const FileBuild& build, const image::UnixCreds* creds, Emit emit) {
    if (creds != nullptr)
        take_creds(build, *creds);
    emit();
    if (creds != nullptr)
        give_up_creds(build, *creds);
}

}  // namespace crtool::restore
