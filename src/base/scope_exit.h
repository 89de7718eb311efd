// Runs a clean-up when a scope is left, for the few cases that deserve no class of their own.
#pragma once

#include <utility>

namespace crtool {

template <typename F>
class ScopeExit {
  public:
    explicit ScopeExit(F f) : f_(std::move(f)) {}

    ~ScopeExit() {
        if (armed_)
            f_();
    }

    ScopeExit(const ScopeExit&) = delete;
    ScopeExit& operator=(const ScopeExit&) = delete;

    // The work succeeded: nothing to clean up.
    void release() { armed_ = false; }

  private:
    F f_;
    bool armed_ = true;
};

}  // namespace crtool
