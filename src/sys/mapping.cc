// See mapping.h.
#include "sys/mapping.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/error.h"

namespace crtool::sys {

Mapping::Mapping(void* address, size_t length, int protection, int flags, int fd, uint64_t offset)
    : size_(length) {
    void* at = ::mmap(address, length, protection, flags, fd, static_cast<off_t>(offset));
    if (at == MAP_FAILED)
        fail_errno(errno, "cannot map {} bytes", length);
    data_ = at;
}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

Mapping::~Mapping() {
    if (data_ != nullptr)
        ::munmap(data_, size_);
}

}  // namespace crtool::sys
