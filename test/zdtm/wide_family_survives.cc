// Three hundred children of one parent, every third dead, every third in a group of its own.
#include <vector>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    std::vector<pid_t> children(300);
    for (int i = 0; i < 300; i++) {
        children[i] = zdtm::fork_child([=] {
            if (i % 3 == 0) {
                _exit(i & 0xff);
            }
            if (i % 3 == 1) {
                CHECK_SYS(setpgid(0, 0));
            }
            zdtm::stay_the_same(gate);
        });
    }
    gate->expect(200);
    for (int i = 0; i < 300; i += 3) {
        zdtm::wait_zombie(children[i]);
    }

    zdtm::checkpoint_here();

    for (int i = 0; i < 300; i += 3) {
        zdtm::expect_exit(children[i], i & 0xff);
    }
    CHECK_EQ(waitpid(-1, nullptr, WNOHANG), 0);
    gate->open();
    zdtm::expect_exits(200);
    zdtm::pass();
}
