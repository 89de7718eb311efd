// See digest.h. xxHash is taken inline: a call per small record would cost more than the record.
#include "image/digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace crtool::image {

// XXH3_state_t wants 64-byte alignment, which operator new honours for an alignas type.
struct Digest::State {
    XXH3_state_t xxh3;
};

uint64_t xxh3(std::span<const std::byte> data) {
    return XXH3_64bits(data.data(), data.size());
}

Digest::Digest() : state_(std::make_unique<State>()) {
    XXH3_64bits_reset(&state_->xxh3);
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(std::span<const std::byte> data) {
    XXH3_64bits_update(&state_->xxh3, data.data(), data.size());
}

uint64_t Digest::value() const {
    return XXH3_64bits_digest(&state_->xxh3);
}

}  // namespace crtool::image
