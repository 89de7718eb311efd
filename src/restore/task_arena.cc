// See task_arena.h.
#include "restore/task_arena.h"

#include <sys/mman.h>

#include <cstring>

#include "parasite/blob_bytes.h"
#include "restore/arena_plan.h"

namespace crtool::restore {

TaskArena::TaskArena(const image::Image& image, const OwnState& own) : fd_(sys::memfd("arena")) {
    uint64_t bytes = arena_bytes(image);
    uint64_t address = plan_arena(image, own.areas, bytes);
    sys::truncate(fd_.get(), bytes);
    memory_ = sys::Mapping(reinterpret_cast<void*>(address), bytes, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_FIXED_NOREPLACE, fd_.get(), 0);
    arena_ = parasite::Arena(memory_.data(), address, bytes);
    std::span code(parasite::kBlob, parasite::kBlobSize);
    uint64_t code_bytes =
        (code.size() + parasite::kPageBytes - 1) / parasite::kPageBytes * parasite::kPageBytes;
    arena_.take(code_bytes, parasite::kPageBytes);
    std::memcpy(memory_.data(), code.data(), code.size());
    code_ = sys::Mapping(memory_.data(), code_bytes, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED,
                         fd_.get(), 0);
}

}  // namespace crtool::restore
