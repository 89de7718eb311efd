// The records of one file, from text to messages.
#pragma once

#include <string_view>

#include "image/format.h"
#include "image/image.h"

namespace crtool::image {

// Parses everything after the head of `file` and appends it to `image`. Throws bad_image with file,
// offset and reason: a record that does not end within the file, that belongs elsewhere, or that is
// no message. A memory.img must have exactly one Pieces record.
void parse_records(RecordFile file, std::string_view text, Image& image);

}  // namespace crtool::image
