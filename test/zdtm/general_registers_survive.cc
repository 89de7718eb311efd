// All general registers and the SSE registers of a thread that runs in user space hold their
// values; it is in no system call, so that nothing has saved them but the checkpoint.
#include <thread>

#include "spin.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::prepare_spin();
    std::thread spinner(spin_registers);
    zdtm::wait_until([] { return spin_in == 1; });

    zdtm::checkpoint_here();

    spin_go = 1;
    spinner.join();
    zdtm::check_spin();
    zdtm::pass();
}
