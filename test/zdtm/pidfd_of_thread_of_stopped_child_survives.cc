// pidfds of the second threads of three children: one is stopped, one was continued, which nobody
// has asked for yet, and of one the first thread has ended. Nothing of that changes, and each pidfd
// stands for its thread.
#include <thread>

#include "pidfd.h"
#include "ticker.h"

namespace {

class Child {
  public:
    explicit Child(zdtm::Ticker::By by) : ticker_([this] { begin(); }, by) {
        zdtm::wait_until([this] { return shared_->ready != 0; });
        pidfd_ = zdtm::open_pidfd(static_cast<pid_t>(shared_->slot[0]), zdtm::kOfThread);
    }

    zdtm::Ticker& ticker() { return ticker_; }

    void check() const {
        CHECK(!zdtm::is_readable(pidfd_));
        const std::string info = zdtm::read_file("/proc/self/fdinfo/" + std::to_string(pidfd_));
        CHECK_EQ(zdtm::field(info, "Pid"), std::to_string(shared_->slot[0]));
    }

    void end() {
        shared_->go = 1;
        zdtm::wait_until([this] { return zdtm::is_readable(pidfd_); });
        ticker_.end();
    }

  private:
    void begin() {
        std::thread([this] {
            shared_->slot[0] = gettid();
            shared_->ready = 1;
            zdtm::wait_until([this] { return shared_->go != 0; });
        }).detach();
    }

    zdtm::Shared* shared_ = zdtm::Shared::make();
    zdtm::Ticker ticker_;
    int pidfd_ = -1;
};

void stop(const zdtm::Ticker& child) {
    CHECK_SYS(kill(child.pid(), SIGSTOP));
    CHECK_EQ(waitpid(child.pid(), nullptr, WUNTRACED), child.pid());
}

}  // namespace

int main(int argc, char** argv) {
    using By = zdtm::Ticker::By;
    zdtm::init(argc, argv);
    Child stopped(By::first_thread);
    Child continued(By::first_thread);
    Child headless(By::second_thread_after_the_first);
    stop(stopped.ticker());
    stop(continued.ticker());
    CHECK_SYS(kill(continued.ticker().pid(), SIGCONT));
    CHECK(continued.ticker().runs());

    zdtm::checkpoint_here();

    CHECK(continued.ticker().runs());
    CHECK(headless.ticker().runs());
    CHECK(stopped.ticker().stands_still());
    for (const Child* child : {&stopped, &continued, &headless}) {
        child->check();
    }
    CHECK(WIFCONTINUED(zdtm::unreported(continued.ticker().pid(), WCONTINUED)));
    CHECK_EQ(zdtm::unreported(stopped.ticker().pid(), WCONTINUED | WUNTRACED), 0);
    CHECK_SYS(kill(stopped.ticker().pid(), SIGCONT));
    for (Child* child : {&stopped, &continued, &headless}) {
        child->end();
    }
    zdtm::pass();
}
