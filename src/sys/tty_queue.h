// What is unread in a pair of pseudo-terminals: taken out, and put back as it was.
//
// The kernel lets nobody look without taking. So every take has its put, and nobody else may read
// or write meanwhile: the tree is frozen, or does not exist yet. Both descriptors must be such that
// nothing waits (O_NONBLOCK). Packet mode must be off.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crtool::sys {

// A line of canonical mode.
struct TtyTyped {
    std::string text;    // with its newline
    bool ended = false;  // by the end-of-file character, which is not in the text
};

struct TtyInput {
    std::vector<TtyTyped> lines;
    std::string rest;  // the unfinished line, or all in other modes

    bool empty() const { return lines.empty() && rest.empty(); }
};

// What the slave could read, added to `input`: also what was taken before an error.
void take_input(int slave, TtyInput& input);
void put_input(int master, int slave, const TtyInput& input);

// What the master could read, added to `output`: also what was taken before an error.
void take_output(int master, std::string& output);
void put_output(int master, int slave, std::string_view text);

// How the slave's output is held up, if it is.
enum class TtyFlow { running, stopped_by_key, stopped_by_call };
// Lets it run. Nothing may be unread by the master.
TtyFlow take_flow(int slave);
void put_flow(int master, int slave, TtyFlow flow);

}  // namespace crtool::sys
