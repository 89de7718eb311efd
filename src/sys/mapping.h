// An owned mapping of memory in crtool itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace crtool::sys {

class Mapping {
  public:
    Mapping() = default;
    // mmap(2); throws Error. With MAP_FIXED_NOREPLACE in `flags` `address` is exact.
    Mapping(void* address, size_t length, int protection, int flags, int fd, uint64_t offset);

    Mapping(Mapping&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping();

    std::byte* data() const { return static_cast<std::byte*>(data_); }

    size_t size() const { return size_; }

    uint64_t address() const { return reinterpret_cast<uint64_t>(data_); }

  private:
    void* data_ = nullptr;
    size_t size_ = 0;
};

}  // namespace crtool::sys
