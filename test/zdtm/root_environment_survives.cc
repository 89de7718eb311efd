// The root, whose parent is not in the tree, has the environment of its start, as it changed it.

#include <cstdlib>
#include <vector>

#include "family.h"

extern char** environ;

namespace {

std::vector<std::string> variables() {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; entry++) {
        all.emplace_back(*entry);
    }
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(setenv("ZDTM_ADDED", "set after the start", 1));
    unsetenv("HOME");
    const std::string initial = zdtm::read_file("/proc/self/environ");
    const std::string arguments = zdtm::read_file("/proc/self/cmdline");
    const std::vector<std::string> before = variables();
    const zdtm::Ids ids;

    zdtm::checkpoint_here();

    CHECK(variables() == before);
    CHECK(getenv("HOME") == nullptr);
    CHECK_EQ(std::string(getenv("ZDTM_ADDED")), std::string("set after the start"));
    CHECK_EQ(zdtm::read_file("/proc/self/environ"), initial);
    CHECK_EQ(zdtm::read_file("/proc/self/cmdline"), arguments);
    CHECK_EQ(getpid(), ids.pid);
    CHECK_EQ(getsid(0), ids.session);
    CHECK(getppid() != getpid());
    zdtm::pass();
}
