// See reader.h.
#include "image/reader.h"

#include <fcntl.h>
#include <google/protobuf/io/coded_stream.h>

#include <cstring>

#include "base/error.h"
#include "image/digest.h"
#include "image/protobuf_log.h"
#include "image/record_stream.h"
#include "sys/file_io.h"

namespace crtool::image {
namespace {

sys::UniqueFd open_directory(const std::string& path) {
    try {
        return sys::open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
    } catch (const Error& error) {
        fail_errno(error.err(), "cannot open the images directory {}", path);
    }
}

std::string read_whole(int fd, uint64_t size, const char* name) {
    std::string text;
    try {
        text.resize(size);
    } catch (const std::exception&) {
        // bad_alloc, length_error: a sparse file can claim any size.
        fail(Errc::bad_image, "{} has {} bytes, more than there is memory", name, size);
    }
    auto bytes = std::as_writable_bytes(std::span(text.data(), text.size()));
    text.resize(sys::read_at(fd, bytes, 0));
    return text;
}

}  // namespace

Reader::Reader(const std::string& dir) : path_(dir), dir_(open_directory(dir)) {
    read_inventory();
    if (inventory_.files_size() != static_cast<int>(kRecordFiles) + 1)
        refuse(kInventoryName, fmt::format("it lists {} files instead of {}",
                                           inventory_.files_size(), kRecordFiles + 1));
    for (size_t i = 0; i < kRecordFiles; ++i)
        read_record_file(static_cast<RecordFile>(i), inventory_.files(static_cast<int>(i)));
    open_pages(inventory_.files(static_cast<int>(kRecordFiles)));
}

void Reader::refuse(const char* file, const std::string& why) const {
    fail(Errc::bad_image, "{}/{} cannot be used: {}; use another copy of the image, or dump again",
         path_, file, why);
}

sys::UniqueFd Reader::open_file(const char* name, const char* when_missing) const {
    // Without O_NONBLOCK a FIFO of this name would stop us until somebody writes.
    std::optional<sys::UniqueFd> fd = sys::try_open_at(dir_.get(), name, O_RDONLY | O_NONBLOCK);
    if (!fd)
        refuse(name, when_missing);
    return std::move(*fd);
}

void Reader::read_inventory() {
    sys::UniqueFd fd = open_file(
        kInventoryName, "it is missing, so this is no image, or one whose dump did not finish");
    uint64_t size = sys::regular_file_size(fd.get(), kInventoryName);
    InventoryHead head{};
    if (size < sizeof(head))
        refuse(kInventoryName, fmt::format("its {} bytes are less than its head", size));
    std::string text =
        read_whole(fd.get(), std::min<uint64_t>(size, kMaxInventoryBytes), kInventoryName);
    if (text.size() != size)
        refuse(kInventoryName, fmt::format("its size is {} bytes", size));
    std::memcpy(&head, text.data(), sizeof(head));
    if (head.magic != kInventoryMagic)
        refuse(kInventoryName, "it is not an inventory of crtool");
    if (head.version != kFormatVersion)
        fail(Errc::bad_image,
             "{} is an image of format {}, this crtool reads format {}: use the crtool that made "
             "it, or dump again",
             path_, head.version, kFormatVersion);
    if (size - sizeof(head) != head.length)
        refuse(kInventoryName, fmt::format("its size is {} bytes and should be {}", size,
                                           sizeof(head) + static_cast<uint64_t>(head.length)));
    std::string_view message = text;
    message.remove_prefix(sizeof(head));
    if (xxh3(std::as_bytes(std::span(message))) != head.xxh3)
        refuse(kInventoryName, "its checksum does not match, so it is damaged");
    ProtobufComplaints complaints;  // the refusal says enough
    if (!inventory_.ParseFromArray(message.data(), static_cast<int>(message.size())))
        refuse(kInventoryName, "its message cannot be parsed");
    if (inventory_.format() != head.version || inventory_.image_id().size() != kImageIdBytes)
        refuse(kInventoryName, "its format or image id is not what an inventory has");
}

void Reader::read_record_file(RecordFile file, const FileDigest& want) {
    const char* name = kRecordFileNames[static_cast<size_t>(file)];
    if (want.name() != name)
        refuse(kInventoryName, fmt::format("it lists a file where {} is expected", name));
    sys::UniqueFd fd = open_file(name, "it is missing");
    uint64_t size = sys::regular_file_size(fd.get(), name);
    RecordHead head{};
    if (size != want.size() || size < sizeof(head))
        refuse(name, fmt::format("its size is {} bytes and should be {}", size, want.size()));
    std::string& text = texts_[static_cast<size_t>(file)];
    text = read_whole(fd.get(), size, name);
    if (text.size() != size)
        refuse(name, "it becomes shorter while it is read");
    std::memcpy(&head, text.data(), sizeof(head));
    if (head.magic != kRecordMagics[static_cast<size_t>(file)])
        refuse(name, "it is not a file of this kind");
    if (head.version != kFormatVersion ||
        std::memcmp(head.image_id.data(), inventory_.image_id().data(), kImageIdBytes) != 0)
        refuse(name, "it belongs to another image");
    if (xxh3(std::as_bytes(std::span(text))) != want.xxh3())
        refuse(name, "its checksum does not match, so it is damaged");
}

void Reader::open_pages(const FileDigest& want) {
    if (want.name() != kPagesName || want.xxh3() != 0)
        refuse(kInventoryName, fmt::format("it lists a file where {} is expected", kPagesName));
    pages_ = open_file(kPagesName, "it is missing");
    uint64_t size = sys::regular_file_size(pages_.get(), kPagesName);
    if (size != want.size() || size % kPageSize != 0)
        refuse(kPagesName, fmt::format("its size is {} bytes and should be {}", size, want.size()));
    page_count_ = size / kPageSize;
}

Image Reader::load() const {
    Image image;
    image.inventory = inventory_;
    for (size_t i = 0; i < kRecordFiles; ++i) {
        std::string_view records = texts_[i];
        records.remove_prefix(sizeof(RecordHead));
        parse_records(static_cast<RecordFile>(i), records, image);
    }
    return image;
}

}  // namespace crtool::image
