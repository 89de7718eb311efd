// What the files of an image are called, and how records lie in them. See docs/image-format.md.
//
// All integers are little-endian. `inventory.img` is an InventoryHead and one message. The record
// files (tasks, files, memory) are a RecordHead and then records: one byte RecordTag, the length of
// the message as a varint, the message. `pages.img` is nothing but pages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crtool::image {

inline constexpr uint32_t kFormatVersion = 1;
inline constexpr size_t kImageIdBytes = 16;
inline constexpr uint64_t kPageSize = 4096;
inline constexpr uint64_t kMaxVdso = 1U << 20;  // two pages in fact
// pages.img is digested in pieces of this size, within each stretch (see Pieces).
inline constexpr uint64_t kPieceBytes = 262'144;

inline constexpr const char* kInventoryName = "inventory.img";
inline constexpr const char* kPagesName = "pages.img";

// No inventory is anywhere near this; it keeps a damaged one from being read into memory.
inline constexpr uint64_t kMaxInventoryBytes = 1'048'576;

// The record files, in the order in which they stand in Inventory.files; pages.img comes last
// there.
enum class RecordFile : uint8_t { tasks, files, memory, count };

inline constexpr size_t kRecordFiles = static_cast<size_t>(RecordFile::count);
inline constexpr std::array<const char*, kRecordFiles> kRecordFileNames = {
    "tasks.img",
    "files.img",
    "memory.img",
};

using Magic = std::array<char, 8>;
inline constexpr Magic kInventoryMagic = {'C', 'R', 'T', 'O', 'O', 'L', ':', 'I'};
inline constexpr std::array<Magic, kRecordFiles> kRecordMagics = {{
    {'C', 'R', 'T', 'O', 'O', 'L', ':', 'T'},
    {'C', 'R', 'T', 'O', 'O', 'L', ':', 'F'},
    {'C', 'R', 'T', 'O', 'O', 'L', ':', 'M'},
}};

enum class RecordTag : uint8_t {
    task = 1,            // tasks.img
    seccomp_filter = 2,  // tasks.img
    file = 3,            // files.img: FileRecord
    page_index = 4,      // memory.img
    content = 5,         // memory.img
    pieces = 6,          // memory.img, exactly one
};

// Laid out without padding, so that they are written and read as they are.
struct RecordHead {
    Magic magic;
    uint32_t version;
    std::array<uint8_t, kImageIdBytes> image_id;  // Inventory.image_id
};

struct InventoryHead {
    Magic magic;
    uint32_t version;
    uint32_t length;  // of the message, which ends the file
    uint64_t xxh3;    // XXH3-64 of the message
};

static_assert(sizeof(RecordHead) == 28 && sizeof(InventoryHead) == 24);

}  // namespace crtool::image
