// A child that counts, so that a test can tell whether it runs or is stopped.
#pragma once

#include <pthread.h>

#include <thread>

#include "family.h"

namespace zdtm {

class Ticker {
  public:
    enum class By { first_thread, second_thread_after_the_first };

    // The child runs `setup` before it starts to count; it ends with status 0 after end().
    template <typename Setup>
    explicit Ticker(Setup&& setup, By by = By::first_thread) : shared_(Shared::make()) {
        pid_ = fork_child([&] {
            setup();
            if (by == By::first_thread)
                return count();
            std::thread([this] {
                wait_until([] { return thread_state(getpid()) == 'Z'; });
                count();
                _exit(0);
            }).detach();
            pthread_exit(nullptr);
        });
        wait_until([&] { return shared_->ready > 3; });
    }

    pid_t pid() const { return pid_; }

    bool runs() const {
        const int seen = shared_->ready;
        return becomes_true([&] { return shared_->ready >= seen + 2; }, 10);
    }

    bool stands_still() const {
        const int seen = shared_->ready;
        return !becomes_true([&] { return shared_->ready != seen; }, 0.1);
    }

    void await_state(char state) const {
        wait_until([&] { return thread_state(pid_) == state; });
    }

    void end() {
        shared_->go = 1;
        expect_exit(pid_);
    }

  private:
    void count() {
        while (shared_->go == 0) {
            shared_->ready++;
            sleep_ms(1);
        }
    }

    Shared* shared_;
    pid_t pid_ = 0;
};

// What the parent has not been told yet of a child's stops; 0 when there is nothing.
inline int unreported(pid_t pid, int options) {
    int status = 0;
    const pid_t found = CHECK_SYS(waitpid(pid, &status, options | WNOHANG));
    return found == 0 ? 0 : status;
}

}  // namespace zdtm
