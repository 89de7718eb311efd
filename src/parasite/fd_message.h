// A message with one descriptor, laid out in an arena as recvmsg(2) of the task expects it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crtool::parasite {

struct FdMessage {
    uint64_t name, name_size, vector, vectors, control, control_size;  // struct msghdr
    uint32_t flags, pad;
    uint64_t base, size;  // the one struct iovec
    char data[8];
    uint64_t ancillary_size;  // struct cmsghdr
    int32_t level, type;
    int32_t fd, pad2;
};

static_assert(offsetof(FdMessage, base) == 56 && sizeof(FdMessage) == 104);

}  // namespace crtool::parasite
