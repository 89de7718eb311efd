// Big trees: every task keeps a record of who it is in memory of its own, waits at the gate, and
// afterwards checks itself and its children, so that the root learns of any mistake below it.
#pragma once

#include <vector>

#include "family.h"

namespace zdtm {

struct Forest {
    Gate* gate = Gate::make();
    int levels = 0;
    int branches = 0;
    // Tells by depth and number what a task becomes: 's'ession leader, 'g'roup leader, or neither.
    char (*role)(int depth, int number) = nullptr;

    // The body of one task, the root included; returns when everything below has ended well.
    void grow(int depth, int number) const {
        const char what = role(depth, number);
        if (what == 's') {
            CHECK_SYS(setsid());
        } else if (what == 'g') {
            CHECK_SYS(setpgid(0, 0));
        }
        std::vector<pid_t> children;
        for (int i = 0; depth < levels && i < branches; i++) {
            children.push_back(fork_child([&] { grow(depth + 1, i); }));
        }
        const Ids before;
        if (depth == 0) {
            gate->expect(size() - 1);
            checkpoint_here();
            gate->open();
        } else {
            gate->wait();
        }
        before.check_unchanged();
        for (const pid_t child : children) {
            expect_exit(child);
        }
    }

    int size() const {
        int total = 0;
        int level = 1;
        for (int depth = 0; depth <= levels; depth++) {
            total += level;
            level *= branches;
        }
        return total;
    }
};

}  // namespace zdtm
