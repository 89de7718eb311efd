// Names of tasks that look like the rest of a line of /proc/PID/stat, hold a line end, or are no
// UTF-8, are kept byte by byte.
#include <sys/prctl.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const std::string names[] = {") R 1 1 1 (", "a\nb\tc\\d",     "\xff\xfe\x80 x", "",
                                 "(",           "0123456789abcde"};
    pid_t children[std::size(names)];
    for (size_t i = 0; i < std::size(names); i++) {
        children[i] = zdtm::fork_child([&] {
            CHECK_SYS(prctl(PR_SET_NAME, names[i].c_str()));
            zdtm::stay_the_same(gate);
            char name[16] = {};
            CHECK_SYS(prctl(PR_GET_NAME, name));
            CHECK_EQ(std::string(name), names[i]);
        });
    }
    gate->expect(std::size(names));

    zdtm::checkpoint_here();

    gate->open();
    for (const pid_t child : children) {
        zdtm::expect_exit(child);
    }
    zdtm::pass();
}
