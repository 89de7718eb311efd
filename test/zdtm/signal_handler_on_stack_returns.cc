// A thread that is inside a signal handler, on its normal stack, returns from it to where it was,
// with all registers and the signal mask of before.
#include "handler.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_inside_handler(
        0, [] {}, [] {});
    CHECK_EQ(zdtm::handler_stack.ss_flags, SS_DISABLE);
    zdtm::pass();
}
