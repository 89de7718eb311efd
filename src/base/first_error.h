// Many things of which each is to be done as far as it goes: the failure of one keeps no other from
// its turn, and the first is thrown when all have had theirs.
#pragma once

#include <exception>

namespace crtool {

class FirstError {
  public:
    // False: it failed.
    template <typename Step>
    bool attempt(Step&& step) {
        try {
            step();
            return true;
        } catch (...) {
            if (!error_)
                error_ = std::current_exception();
            return false;
        }
    }

    void rethrow() const {
        if (error_)
            std::rethrow_exception(error_);
    }

  private:
    std::exception_ptr error_;
};

}  // namespace crtool
