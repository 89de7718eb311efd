// Fault injection: every step of a dump or restore can be made to fail, in turn.
//
// A step asks fault::fires() before it acts; with CRTOOL_FAULT=n in the environment the n-th
// question is answered yes, once. Steps inside other tasks ask when their operation is put into a
// script. CRTOOL_FAULT may also be the name of a point, which then fails when first reached; the
// log tells its number. In builds without CRTOOL_FAULTS nothing is counted and the environment is
// not read.
#pragma once

#include <cstdint>

namespace crtool::fault {

#ifdef CRTOOL_FAULTS
// Reads CRTOOL_FAULT; called once by main.
void arm();
bool fires();
// Throws a system Error (EIO) that names the step when it is this step's turn.
void point(const char* step);
#else
inline void arm() {}

constexpr bool fires() {
    return false;
}

inline void point(const char*) {}
#endif

}  // namespace crtool::fault
