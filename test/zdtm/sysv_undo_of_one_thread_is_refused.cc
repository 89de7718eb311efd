// A thread that was made without CLONE_SYSVSEM would undo what it did at its own end; that is
// refused, and stays as it is.
#include "family.h"
#include "sysv.h"

namespace {

alignas(16) char stack[16384];
int set = -1;

int sleep_on(void* gate) {
    sembuf take = zdtm::sem_op(0, -1, SEM_UNDO);
    if (semop(set, &take, 1) == 0)
        static_cast<zdtm::Gate*>(gate)->wait();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    set = CHECK_SYS(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600));
    CHECK_SYS(semctl(set, 0, SETVAL, 1));
    const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    CHECK_SYS(clone(sleep_on, stack + sizeof(stack), flags, gate));
    gate->expect(1);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::sem_value(set, 0), 0);
    gate->open();
    zdtm::wait_until([] { return zdtm::sem_value(set, 0) == 1; });
    CHECK_SYS(semctl(set, 0, IPC_RMID));
    zdtm::pass();
}
