// A tree of 1,111 tasks, ten children each over three levels.
#include "forest.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Forest forest = {
        .levels = 3, .branches = 10, .role = [](int depth, int) { return depth == 1 ? 's' : '-'; }};
    CHECK_EQ(forest.size(), 1111);
    forest.grow(0, 0);
    zdtm::pass();
}
