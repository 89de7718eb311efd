// A tree of 364 tasks, three children each over five levels, in dozens of sessions and groups.
#include "forest.h"

namespace {

char role(int depth, int number) {
    if (depth == 0) {
        return '-';
    }
    if (number == 0) {
        return depth % 2 == 1 ? 's' : 'g';
    }
    return number == 1 ? 'g' : '-';
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Forest forest = {.levels = 5, .branches = 3, .role = role};
    CHECK_EQ(forest.size(), 364);
    forest.grow(0, 0);
    zdtm::pass();
}
