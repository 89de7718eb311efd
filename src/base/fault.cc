// See fault.h.
#include "base/fault.h"

#ifdef CRTOOL_FAULTS

#include <errno.h>

#include <atomic>
#include <cstdlib>

#include "base/error.h"
#include "base/log.h"

namespace crtool::fault {
namespace {

std::atomic<uint64_t> left{0};

}  // namespace

void arm() {
    const char* text = std::getenv("CRTOOL_FAULT");
    left = text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

bool fires() {
    if (left.load(std::memory_order_relaxed) == 0)
        return false;
    return left.fetch_sub(1) == 1;
}

void point(const char* step) {
    if (fires()) {
        log::warn("injected fault: {}", step);
        fail_errno(EIO, "{} (injected fault)", step);
    }
}

}  // namespace crtool::fault

#endif
