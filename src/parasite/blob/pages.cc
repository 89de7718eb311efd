// Page work at memory speed: finding zero pages, writing and loading page contents.
#include "arch/x86_64/raw_syscall.h"
#include "parasite/blob/blob.h"

namespace crtool::blob {
namespace {

using parasite::kPageBytes;
using parasite::kPieceBytes;

constexpr uint64_t kSysPreadv = 295;
constexpr uint64_t kSysPwritev = 296;
constexpr int64_t kEnodata = 61;
constexpr int64_t kEintr = 4;
// One call moves up to this many pieces or vectors (the kernel takes 1024 vectors).
constexpr uint64_t kVectors = 64;

struct Iovec {
    uint64_t base, size;
};

bool is_zero(const uint64_t* page) {
    for (uint64_t i = 0; i < kPageBytes / 8; i += 8) {
        uint64_t any = 0;
        for (uint64_t k = 0; k < 8; k++)
            any |= page[i + k];
        if (any != 0)
            return false;
    }
    return true;
}

// Moves all of `vectors` at `offset`; partial results are continued.
int64_t move_all(uint64_t call, int fd, Iovec* vectors, uint64_t count, uint64_t offset) {
    uint64_t first = 0;
    while (first < count) {
        int64_t moved =
            arch::raw_syscall(call, static_cast<uint64_t>(fd),
                              reinterpret_cast<uint64_t>(vectors + first), count - first, offset);
        if (moved == -kEintr)
            continue;
        if (moved < 0)
            return moved;
        if (moved == 0)
            return -kEnodata;
        offset += static_cast<uint64_t>(moved);
        uint64_t left = static_cast<uint64_t>(moved);
        while (first < count && left >= vectors[first].size)
            left -= vectors[first++].size;
        if (left > 0) {
            vectors[first].base += left;
            vectors[first].size -= left;
        }
    }
    return 0;
}

// Walks segments as one long run of bytes.
struct Cursor {
    const Segment* segments;
    uint64_t count;
    uint64_t done_in_first;  // bytes

    // Takes up to `bytes` (and kVectors vectors); returns how many bytes.
    uint64_t take(uint64_t bytes, Iovec* vectors, uint64_t* used) {
        uint64_t taken = 0;
        *used = 0;
        while (count > 0 && taken < bytes && *used < kVectors) {
            uint64_t left = segments->pages * kPageBytes - done_in_first;
            uint64_t size = left < bytes - taken ? left : bytes - taken;
            vectors[(*used)++] = {segments->address + done_in_first, size};
            taken += size;
            done_in_first += size;
            if (size == left) {
                segments++;
                count--;
                done_in_first = 0;
            }
        }
        return taken;
    }
};

}  // namespace

int64_t find_zeros(const Segment* segments, uint64_t count, uint64_t* bitmap) {
    uint64_t bit = 0;
    int64_t zeros = 0;
    for (uint64_t i = 0; i < count; i++) {
        for (uint64_t page = 0; page < segments[i].pages; page++, bit++) {
            uint64_t address = segments[i].address + page * kPageBytes;
            if (is_zero(reinterpret_cast<const uint64_t*>(address))) {
                bitmap[bit / 64] |= 1ull << (bit % 64);
                zeros++;
            }
        }
    }
    return zeros;
}

int64_t write_pages(int fd, const Segment* segments, uint64_t count, uint64_t offset,
                    uint64_t* digests, bool avx2) {
    Cursor cursor = {segments, count, 0};
    // A piece may need one vector per page.
    static_assert(kPieceBytes / kPageBytes <= kVectors);
    Iovec vectors[kVectors];
    Chunk chunks[kVectors];
    uint64_t start = offset;
    for (;;) {
        uint64_t used = 0;
        uint64_t bytes = cursor.take(kPieceBytes, vectors, &used);
        if (bytes == 0)
            return static_cast<int64_t>(offset - start);
        for (uint64_t i = 0; i < used; i++)
            chunks[i] = {reinterpret_cast<const void*>(vectors[i].base), vectors[i].size};
        *digests++ = avx2 ? digest_avx2(chunks, used) : digest_sse2(chunks, used);
        int64_t result = move_all(kSysPwritev, fd, vectors, used, offset);
        if (result < 0)
            return result;
        offset += bytes;
    }
}

int64_t load_pages(int fd, const Segment* segments, uint64_t count) {
    uint64_t i = 0;
    while (i < count) {
        Iovec vectors[kVectors];
        uint64_t used = 0;
        uint64_t offset = segments[i].page_index * kPageBytes;
        uint64_t next = segments[i].page_index;
        while (i < count && used < kVectors && segments[i].page_index == next) {
            vectors[used++] = {segments[i].address, segments[i].pages * kPageBytes};
            next += segments[i].pages;
            i++;
        }
        int64_t result = move_all(kSysPreadv, fd, vectors, used, offset);
        if (result < 0)
            return result;
    }
    return 0;
}

}  // namespace crtool::blob
