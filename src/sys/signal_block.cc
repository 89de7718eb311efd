// See signal_block.h.
#include "sys/signal_block.h"

#include <pthread.h>

#include "base/error.h"

namespace crtool::sys {
namespace {

void block(const sigset_t& set, sigset_t& old) {
    // pthread_sigmask returns its error; it only fails on a bad first argument.
    int err = ::pthread_sigmask(SIG_BLOCK, &set, &old);
    if (err != 0)
        fail_errno(err, "cannot block signals");
}

}  // namespace

SignalBlock::SignalBlock() : old_{} {
    sigset_t all;
    ::sigfillset(&all);
    block(all, old_);
}

SignalBlock::SignalBlock(std::initializer_list<int> signals) : old_{} {
    sigset_t set;
    ::sigemptyset(&set);
    for (int signal : signals)
        ::sigaddset(&set, signal);
    block(set, old_);
}

SignalBlock::~SignalBlock() {
    ::pthread_sigmask(SIG_SETMASK, &old_, nullptr);
}

}  // namespace crtool::sys
