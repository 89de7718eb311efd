// A thread whose stack and thread-local memory are under a key that other threads have denied
// themselves goes on there.
#include <pthread.h>

#include "protection_keys.h"
#include "threads.h"

namespace {

constexpr size_t kStack = 64 * zdtm::kPage;
thread_local unsigned own_word;

struct Work {
    std::atomic<int> step = 0;
    int key = 0;
};

void* body(void* argument) {
    auto& work = *static_cast<Work*>(argument);
    own_word = 7;
    work.step = 1;
    work.step.notify_all();
    work.step.wait(1);
    CHECK_EQ(own_word, 7);
    CHECK_EQ(pkey_get(work.key), 0);
    CHECK_EQ(zdtm::key_of(&own_word), work.key);
    return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    Work work;
    char* stack = zdtm::map_anon(kStack);
    work.key = CHECK_SYS(pkey_alloc(0, 0));
    CHECK_SYS(pkey_mprotect(stack, kStack, PROT_READ | PROT_WRITE, work.key));
    pthread_attr_t attributes;
    CHECK_EQ(pthread_attr_init(&attributes), 0);
    CHECK_EQ(pthread_attr_setstack(&attributes, stack, kStack), 0);
    pthread_t thread{};
    CHECK_EQ(pthread_create(&thread, &attributes, body, &work), 0);
    zdtm::wait_until([&] { return work.step == 1; });
    CHECK_SYS(pkey_set(work.key, PKEY_DISABLE_ACCESS));

    zdtm::checkpoint_here();

    CHECK_EQ(pkey_get(work.key), PKEY_DISABLE_ACCESS);
    CHECK_EQ(zdtm::key_of(stack), work.key);
    CHECK(!zdtm::is_readable(stack + kStack - 64));
    CHECK_SYS(pkey_set(work.key, 0));
    work.step = 2;
    work.step.notify_all();
    CHECK_EQ(pthread_join(thread, nullptr), 0);
    zdtm::pass();
}
