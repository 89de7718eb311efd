// Kernel objects of the target of the fault tests that crtool must borrow to see what is in them:
// it changes them for a moment, or takes something out and puts it back. So they are what it could
// spoil. Also those that a restore makes outside of any process, and could leave behind.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace target {

// `use` uses the object and leaves it as it was; what is wrong ends the target (CHECK).
struct Object {
    std::string name;
    std::function<void()> use;
};

std::vector<Object> make_unix_sockets();
std::vector<Object> make_network_sockets();
std::vector<Object> make_terminals_and_files();

}  // namespace target
