// Each thread keeps its own name, with odd characters and at full length, and the process its own.
#include <sys/prctl.h>

#include <array>

#include "threads.h"

namespace {

constexpr std::array<const char*, 5> kNames = {"fifteen letters", "", ") R 1 (", "a\nb\\", "same"};

std::string own_name() {
    char name[16] = {};
    CHECK_SYS(prctl(PR_GET_NAME, name));
    return name;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(prctl(PR_SET_NAME, "the leader"));
    zdtm::checkpoint_with_threads(
        kNames.size(), [](int i) { CHECK_SYS(prctl(PR_SET_NAME, kNames[i])); },
        [](int i) { CHECK_EQ(own_name(), kNames[i]); });
    CHECK_EQ(own_name(), "the leader");
    CHECK_EQ(zdtm::read_file("/proc/self/comm"), "the leader\n");
    zdtm::pass();
}
