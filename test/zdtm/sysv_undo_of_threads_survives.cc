// What a process with threads would undo is undone when its last thread ends, not before; and it
// can be changed by any of them.
#include <pthread.h>

#include "family.h"
#include "sysv.h"

namespace {

int set = -1;
zdtm::Gate* gate = nullptr;

void* take(void*) {
    zdtm::sem_do(set, {zdtm::sem_op(0, -2, SEM_UNDO)});
    gate->wait();
    zdtm::sem_do(set, {zdtm::sem_op(0, 1, SEM_UNDO)});
    return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    auto* shared = zdtm::Shared::make();
    set = CHECK_SYS(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600));
    CHECK_SYS(semctl(set, 0, SETVAL, 5));
    const pid_t child = zdtm::fork_child([&] {
        pthread_t thread{};
        CHECK_EQ(pthread_create(&thread, nullptr, take, nullptr), 0);
        shared->ready = 2;  // until then all signals are blocked
        CHECK_EQ(pthread_join(thread, nullptr), 0);
        CHECK_EQ(zdtm::sem_value(set, 0), 4);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; });
    });
    gate->expect(1);
    zdtm::wait_until([&] { return shared->ready == 2; });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::sem_value(set, 0), 3);
    gate->open();
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_EQ(zdtm::sem_value(set, 0), 4);
    shared->go = 1;
    zdtm::expect_exit(child);
    CHECK_EQ(zdtm::sem_value(set, 0), 5);
    CHECK_SYS(semctl(set, 0, IPC_RMID));
    zdtm::pass();
}
