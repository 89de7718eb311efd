// See fault.h.
#include "base/fault.h"

#ifdef CRTOOL_FAULTS

#include <errno.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/log.h"

namespace crtool::fault {
namespace {

std::atomic<uint64_t> asked{0};
uint64_t wanted = 0;
std::string wanted_step;

}  // namespace

void arm() {
    const char* text = std::getenv("CRTOOL_FAULT");
    if (text == nullptr)
        return;
    char* end = nullptr;
    wanted = std::strtoull(text, &end, 10);
    if (*end != '\0')
        wanted_step = text;
}

bool fires() {
    return asked.fetch_add(1, std::memory_order_relaxed) + 1 == wanted;
}

void point(const char* step) {
    if (fires() || step == wanted_step) {
        log::warn("injected fault {}: {}", asked.load(), step);
        wanted_step.clear();
        fail_errno(EIO, "{} (injected fault)", step);
    }
}

}  // namespace crtool::fault

#endif
