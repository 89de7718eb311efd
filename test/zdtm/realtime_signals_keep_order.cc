// A queue of real-time signals keeps its length and its order, with all values, for the process
// and for a thread; a standard signal that was sent twice is there once.
#include "signals.h"

namespace {

constexpr int kCount = 300;
constexpr int kFirst = 36;
constexpr int kSecond = 64;

void send_to_thread(int signal, int value) {
    siginfo_t info = {};
    info.si_code = -60;  // any code below zero is the sender's own
    info.si_value.sival_int = value;
    CHECK_SYS(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), signal, &info));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({kFirst, kSecond, SIGUSR1});
    for (int i = 0; i < kCount; i++) {
        sigval value = {};
        value.sival_int = i;
        CHECK_SYS(sigqueue(getpid(), i % 3 == 0 ? kSecond : kFirst, value));
        send_to_thread(kSecond, 1000 + i);
    }
    CHECK_SYS(kill(getpid(), SIGUSR1));
    CHECK_SYS(kill(getpid(), SIGUSR1));

    zdtm::checkpoint_here();

    zdtm::take(SIGUSR1);
    CHECK(zdtm::none_pending(SIGUSR1));
    for (int i = 0; i < kCount; i++) {
        if (i % 3 != 0) {
            CHECK_EQ(zdtm::take(kFirst).si_value.sival_int, i);
        }
    }
    // What waits for the thread is taken before what waits for the process.
    for (int i = 0; i < kCount; i++) {
        const siginfo_t info = zdtm::take(kSecond);
        CHECK_EQ(info.si_value.sival_int, 1000 + i);
        CHECK_EQ(info.si_code, -60);
    }
    for (int i = 0; i < kCount; i += 3) {
        CHECK_EQ(zdtm::take(kSecond).si_value.sival_int, i);
    }
    CHECK_EQ(zdtm::pending_mask(), 0);
    zdtm::pass();
}
