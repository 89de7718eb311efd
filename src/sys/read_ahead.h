// Reading that needs nobody in particular, done on every core that is allowed.
//
// ptrace(2) answers only the thread that traces, and what is recorded has an order; /proc is open
// to anybody. Helpers do the jobs from the last one on, from the moment that this is made. The
// caller asks for one after the other from the first on, and does himself what nobody has begun: so
// they meet once.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace crtool::sys {

class ReadAhead {
  public:
    // Called for every index below `jobs`, in any thread, each once.
    using Job = std::function<void(size_t index)>;

    // With that many helpers if there are as many cores for them. Each costs 0.1 ms.
    ReadAhead(size_t jobs, size_t helpers, Job job);
    // Begins no further job.
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    // Returns when job number `index` is done. Throws what it threw.
    void await(size_t index);

  private:
    enum State : uint32_t { kFree, kTaken, kDone };

    struct Slot {
        std::atomic<uint32_t> state = kFree;
        std::exception_ptr failure;
    };

    void run(Slot& slot, size_t index) noexcept;
    void help(const std::stop_token& stop);

    Job job_;
    const size_t jobs_;
    std::unique_ptr<Slot[]> slots_;
    std::atomic<size_t> left_;
    std::vector<std::jthread> helpers_;  // last, so that they end before what they work on
};

}  // namespace crtool::sys
