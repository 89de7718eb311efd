// What is asked of one terminal, and the unread content of a pair: see proto/terminal.proto.
#pragma once

#include <string>

#include "dump/problems.h"
#include "proto/terminal.pb.h"

namespace crtool::dump {

// What stands against carrying a terminal; empty: nothing.
struct TerminalObstacle {
    std::string reason;
    std::string way_out;
    Lasts lasts = Lasts::on;

    bool any() const { return !reason.empty(); }
};

// Fills everything but names, numbers and sessions. `has_slave`: a living slave is in the tree.
TerminalObstacle read_pair(int master, bool has_slave, image::Tty& tty);
TerminalObstacle read_device(int fd, image::Tty& tty);

}  // namespace crtool::dump
