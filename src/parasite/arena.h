// The arena: memory that the host and the tasks share, where scripts and their results live.
//
// It is one piece of shared memory, mapped by the host and by the tasks concerned. The host writes
// structures into it through its own mapping and hands out the address that they have in the task.
// Allocation only goes forward; everything in it starts as zeros.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/error.h"

namespace crtool::parasite {

class Arena {
  public:
    Arena() = default;

    // `host` is the host's mapping of [task, task + size). The mapping stays its owner's.
    Arena(std::byte* host, uint64_t task, uint64_t size) : host_(host), task_(task), size_(size) {}

    // Room for `bytes`, zeroed; the address in the task.
    uint64_t take(uint64_t bytes, uint64_t align = 16) {
        uint64_t start = (used_ + align - 1) / align * align;
        if (start + bytes > size_)
            fail(Errc::internal, "arena of {} bytes is too small", size_);
        used_ = start + bytes;
        return task_ + start;
    }

    template <typename T>
    uint64_t put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        return put_array(std::span<const T>(&value, 1));
    }

    template <typename T>
    uint64_t put_array(std::span<const T> values) {
        static_assert(std::is_trivially_copyable_v<T>);
        uint64_t address = take(values.size_bytes(), alignof(T) < 8 ? 8 : alignof(T));
        if (!values.empty())
            std::memcpy(host<std::byte>(address), values.data(), values.size_bytes());
        return address;
    }

    // With a terminating NUL.
    uint64_t put_string(std::string_view text) {
        uint64_t address = take(text.size() + 1, 1);
        std::memcpy(host<char>(address), text.data(), text.size());
        return address;
    }

    // Bytes as they are, 16-aligned.
    uint64_t put_bytes(std::string_view bytes) {
        return put_array(std::span<const char>(bytes.data(), bytes.size()));
    }

    template <typename T>
    T* host(uint64_t task_address) const {
        return reinterpret_cast<T*>(host_ + (task_address - task_));
    }

    uint64_t task_address() const { return task_; }

    uint64_t size() const { return size_; }

    uint64_t used() const { return used_; }

  private:
    std::byte* host_ = nullptr;
    uint64_t task_ = 0;
    uint64_t size_ = 0;
    uint64_t used_ = 0;
};

}  // namespace crtool::parasite
