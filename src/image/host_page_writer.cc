// See host_page_writer.h.
#include "image/host_page_writer.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "base/fault.h"
#include "image/digest.h"
#include "sys/fd.h"
#include "sys/file_io.h"

namespace crtool::image {
namespace {

// Fits into the second-level cache beside what the kernel needs.
constexpr size_t kStep = 1'048'576;

constexpr uint64_t page_floor(uint64_t value) {
    return value / kPageSize * kPageSize;
}

constexpr uint64_t page_ceil(uint64_t value) {
    return page_floor(value + kPageSize - 1);
}

bool is_zero_page(const std::byte* page) {
    static constexpr std::array<std::byte, kPageSize> kZero{};
    return std::memcmp(page, kZero.data(), kPageSize) == 0;
}

// An open file of our own for the same object: looking for holes moves the position, which the
// caller's descriptor may share with a dumped task, and a descriptor may be open for writing only.
sys::UniqueFd reopen(int fd) {
    try {
        return sys::open_at(AT_FDCWD, fmt::format("/proc/self/fd/{}", fd), O_RDONLY | O_NONBLOCK);
    } catch (const Error&) {
        return {};  // without read permission, say: then the caller's own must do
    }
}

}  // namespace

// Not zeroed: a single page is the common case, and touching the buffer costs more than that.
HostPageWriter::HostPageWriter(PageWriter& out)
    : out_(out), buffer_(std::make_unique_for_overwrite<std::byte[]>(kStep)) {}

std::vector<HostPageWriter::Run> HostPageWriter::copy(int source, uint64_t offset,
                                                      uint64_t length) {
    if (offset % kPageSize != 0)
        fail(Errc::internal, "copy from {:#x}, which is within a page", offset);
    sys::UniqueFd own = reopen(source);
    std::vector<Run> runs;
    const uint64_t end = offset + length;
    uint64_t data_end = own.valid() ? offset : end;  // no hole before it
    while (offset < end) {
        if (offset >= data_end) {
            std::optional<uint64_t> data = sys::next_data(own.get(), offset);
            if (!data || *data >= end)
                break;
            offset = page_floor(*data);
            uint64_t hole = sys::next_hole(own.get(), *data);
            data_end = hole >= end ? end : page_ceil(hole);
        }
        uint64_t want = std::min({uint64_t{kStep}, data_end - offset, end - offset});
        int fd = own.valid() ? own.get() : source;
        uint64_t got = load(fd, offset, want);
        store(runs);
        if (got < want)
            break;  // the end of the file
        offset += want;
    }
    return runs;
}

std::vector<HostPageWriter::Run> HostPageWriter::copy_all(int source,
                                                          std::span<const Stretch> stretches) {
    std::vector<Run> runs;
    for (Stretch stretch : stretches) {
        while (stretch.length > 0) {
            if (loaded_.size() * kPageSize == kStep)
                store(runs);
            uint64_t want = std::min(kStep - loaded_.size() * kPageSize, stretch.length);
            if (load(source, stretch.offset, want) < want)
                break;
            stretch.offset += want;
            stretch.length -= want;
        }
    }
    store(runs);
    return runs;
}

uint64_t HostPageWriter::load(int source, uint64_t offset, uint64_t length) {
    std::byte* to = buffer_.get() + loaded_.size() * kPageSize;
    size_t got = sys::read_at(source, std::span(to, length), offset);
    uint64_t whole = page_ceil(got);
    std::memset(to + got, 0, whole - got);
    for (uint64_t at = 0; at < whole; at += kPageSize)
        loaded_.push_back(offset + at);
    return got;
}

void HostPageWriter::store(std::vector<Run>& runs) {
    kept_.clear();
    for (size_t page = 0; page < loaded_.size(); ++page) {
        std::byte* at = buffer_.get() + page * kPageSize;
        if (is_zero_page(at))
            continue;
        if (kept_.size() != page)
            std::memcpy(buffer_.get() + kept_.size() * kPageSize, at, kPageSize);
        kept_.push_back(loaded_[page]);
    }
    loaded_.clear();
    if (kept_.empty())
        return;
    uint64_t first = out_.reserve(kept_.size());
    auto data = std::span<const std::byte>(buffer_.get(), kept_.size() * kPageSize);
    digests_.clear();
    for (size_t at = 0; at < data.size(); at += kPieceBytes)
        digests_.push_back(xxh3(data.subspan(at, std::min(kPieceBytes, data.size() - at))));
    fault::point("write pages");
    try {
        sys::write_at(out_.fd(), data, first * kPageSize);
    } catch (const Error& error) {
        fail_errno(error.err(), "cannot write {}", kPagesName);
    }
    out_.add_digests(first, kept_.size(), digests_);
    for (size_t i = 0; i < kept_.size(); ++i) {
        Run* last = runs.empty() ? nullptr : &runs.back();
        if (last != nullptr && last->offset + last->pages * kPageSize == kept_[i] &&
            last->page_index + last->pages == first + i)
            ++last->pages;
        else
            runs.push_back({kept_[i], 1, first + i});
    }
}

Content HostPageWriter::content(uint32_t id, int source, uint64_t size) {
    Content content;
    content.set_id(id);
    content.set_size(size);
    for (const Run& run : copy(source, 0, size)) {
        Content::Extent& extent = *content.add_extents();
        extent.set_offset(run.offset);
        extent.set_length(run.pages * kPageSize);
        extent.set_page_index(run.page_index);
    }
    return content;
}

}  // namespace crtool::image
