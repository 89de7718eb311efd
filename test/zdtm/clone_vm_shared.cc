// Two tasks in one address space (CLONE_VM, no threads): what one maps and writes the other sees,
// and each has its own pid, descriptors and directory.
#include <fcntl.h>

#include "family.h"

namespace {

zdtm::Gate* gate;
std::atomic<char*> mapped;
pid_t child_pid;
alignas(16) char stack[256 * 1024];

// Runs on its own stack but with the thread area of the parent, so it stays with plain calls.
int child_body(void*) {
    gate->wait();
    if (getpid() != child_pid) {
        return 1;
    }
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || dup2(0, 100) != 100) {
        return 2;
    }
    static_cast<char*>(page)[7] = 'x';
    mapped.store(static_cast<char*>(page));
    gate->arrive();
    return 37;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    child_pid = CHECK_SYS(clone(child_body, stack + sizeof(stack), CLONE_VM | SIGCHLD, nullptr));
    gate->expect(1);

    zdtm::checkpoint_here();

    gate->open();
    gate->expect(2);
    CHECK(mapped.load() != nullptr);
    CHECK_EQ(mapped.load()[7], 'x');
    CHECK(fcntl(100, F_GETFD) == -1);
    zdtm::expect_exit(child_pid, 37);
    zdtm::pass();
}
