// Blocks signals in the calling thread for as long as it lives.
#pragma once

#include <signal.h>

#include <initializer_list>

namespace crtool::sys {

class SignalBlock {
  public:
    // Blocks every signal that can be blocked.
    SignalBlock();
    // Blocks these in addition to what is blocked already.
    SignalBlock(std::initializer_list<int> signals);
    // Puts the old mask back; signals that came meanwhile are delivered then.
    ~SignalBlock();
    SignalBlock(const SignalBlock&) = delete;
    SignalBlock& operator=(const SignalBlock&) = delete;

    // The mask before.
    const sigset_t& previous() const { return old_; }

  private:
    sigset_t old_;
};

}  // namespace crtool::sys
