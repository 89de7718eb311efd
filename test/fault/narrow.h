// Tasks of the target of the fault tests that leave crtool little room: what a process does to
// itself before it goes to work.
#pragma once

namespace target {

// As a container engine confines (seccomp): calls that are not on a short list fail.
void confine();
// Takes all numbers of descriptors that there are.
void fill_descriptors();

}  // namespace target
