// A thread that is inside a signal handler on an alternate stack is still known to be on it, and
// returns with all registers; the stack is then free for the next signal.
#include "handler.h"

namespace {

alignas(64) char stack_memory[64 * 1024];

void install() {
    const stack_t stack = {stack_memory, 0, sizeof(stack_memory)};
    CHECK_SYS(sigaltstack(&stack, nullptr));
}

void use_again() {
    stack_t stack = {};
    CHECK_SYS(sigaltstack(nullptr, &stack));
    CHECK_EQ(stack.ss_flags, 0);
    CHECK_EQ(stack.ss_sp, static_cast<void*>(stack_memory));
    CHECK_EQ(stack.ss_size, sizeof(stack_memory));
    zdtm::handler_frame = 0;
    raise(SIGUSR1);
    CHECK_EQ(zdtm::handler_stack.ss_flags, SS_ONSTACK);
}

bool on_stack(uintptr_t address) {
    const auto start = reinterpret_cast<uintptr_t>(stack_memory);
    return start <= address && address < start + sizeof(stack_memory);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_inside_handler(SA_ONSTACK, install, [] {
        CHECK(on_stack(zdtm::handler_frame));
        CHECK_EQ(zdtm::handler_stack.ss_flags, SS_ONSTACK);
        // The handler looks at a saved register; the loop that held it is over.
        struct sigaction action = {};
        action.sa_handler = [](int) {
            zdtm::handler_frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
            sigaltstack(nullptr, &zdtm::handler_stack);
        };
        action.sa_flags = SA_ONSTACK;
        CHECK_SYS(sigaction(SIGUSR1, &action, nullptr));
        use_again();
    });
    CHECK(on_stack(zdtm::handler_frame));
    zdtm::pass();
}
