// XXH3-64, the checksum over every byte of an image: against damage, not against an enemy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace crtool::image {

// In one go.
uint64_t xxh3(std::span<const std::byte> data);

// Over data that comes in parts.
class Digest {
  public:
    Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    ~Digest();

    void update(std::span<const std::byte> data);
    uint64_t value() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace crtool::image
