// A chain of fifty tasks, each the only child of the one above.
#include "forest.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Forest forest = {.levels = 50, .branches = 1, .role = [](int depth, int) {
                                     return depth % 7 == 6 ? 'g' : '-';
                                 }};
    forest.grow(0, 0);
    zdtm::pass();
}
