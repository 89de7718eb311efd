// See writer.h.
#include "image/writer.h"

#include <fcntl.h>
#include <google/protobuf/io/coded_stream.h>

#include <climits>
#include <cstring>

#include "base/error.h"
#include "base/fault.h"
#include "image/protobuf_log.h"
#include "sys/file_io.h"

namespace crtool::image {
namespace {

constexpr size_t kFlushBytes = 1'048'576;

std::string temporary(const char* name) {
    return std::string(name) + ".tmp";
}

template <typename T>
std::string_view bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

sys::UniqueFd open_directory(const std::string& path) {
    try {
        return sys::open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
    } catch (const Error& error) {
        fail_errno(error.err(), "cannot open the images directory {}", path);
    }
}

}  // namespace

Writer::Writer(const std::string& dir, Overwrite overwrite)
    : path_(dir), dir_(open_directory(dir)) {
    if (!sys::try_lock(dir_.get()))
        fail(Errc::usage, "another crtool is writing an image to {}", path_);
    if (overwrite == Overwrite::no && sys::exists_at(dir_.get(), kInventoryName))
        fail(Errc::usage, "{} holds an image already: use --overwrite to replace it", path_);
    sys::fill_random(image_id_);
    try {
        create_outputs();
    } catch (const Error&) {
        clean_up();  // without a constructed object there is no destructor
        throw;
    }
}

Writer::~Writer() {
    if (!committed_)
        clean_up();
}

void Writer::clean_up() noexcept {
    auto remove = [&](const std::string& name) {
        try {
            sys::remove_at(dir_.get(), name);
        } catch (const Error&) {
            // What cannot be removed now is a leftover that the next Writer removes.
        }
    };
    // The inventory, the last one to get its name, goes first.
    for (auto name = named_.rbegin(); name != named_.rend(); ++name)
        remove(*name);
    for (const char* name : kRecordFileNames)
        remove(temporary(name));
    remove(temporary(kPagesName));
    remove(temporary(kInventoryName));
}

void Writer::create_outputs() {
    auto create = [&](const char* name) {
        std::string path = temporary(name);
        fault::point("create a file of the image");
        try {
            // With the lock held, a temporary that is there belongs to a run that has died.
            sys::remove_at(dir_.get(), path);
            return sys::open_at(dir_.get(), path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
        } catch (const Error& error) {
            fail_errno(error.err(), "cannot create {}/{}", path_, path);
        }
    };
    sys::remove_at(dir_.get(), temporary(kInventoryName));
    for (size_t i = 0; i < kRecordFiles; ++i) {
        RecordHead head{kRecordMagics[i], kFormatVersion, image_id_};
        outputs_[i].fd = create(kRecordFileNames[i]);
        outputs_[i].buffer = bytes_of(head);
        outputs_[i].size = sizeof(head);
    }
    pages_ = create(kPagesName);
}

template <typename Message>
void Writer::add_record(RecordFile file, RecordTag tag, const Message& message) {
    using google::protobuf::io::CodedOutputStream;
    size_t length = message.ByteSizeLong();
    if (length > INT_MAX)
        fail(Errc::unsupported, "a record of {} bytes: the image format ends at 2 GiB", length);
    Output& out = outputs_[static_cast<size_t>(file)];
    size_t at = out.buffer.size();
    size_t head = 1 + CodedOutputStream::VarintSize64(length);
    out.buffer.resize(at + head + length);
    auto* to = reinterpret_cast<uint8_t*>(out.buffer.data() + at);
    *to++ = static_cast<uint8_t>(tag);
    to = CodedOutputStream::WriteVarint64ToArray(length, to);
    ProtobufComplaints complaints;
    message.SerializeWithCachedSizesToArray(to);
    // What protobuf writes with a complaint it would not read again.
    if (!complaints.first().empty())
        fail(Errc::unsupported, "a record cannot be stored: {}", complaints.first());
    out.size += head + length;
    if (out.buffer.size() >= kFlushBytes)
        flush(file);
}

void Writer::add(const Task& task) {
    add_record(RecordFile::tasks, RecordTag::task, task);
}

void Writer::add(const SeccompFilter& filter) {
    add_record(RecordFile::tasks, RecordTag::seccomp_filter, filter);
}

void Writer::add(const FileRecord& record) {
    add_record(RecordFile::files, RecordTag::file, record);
}

void Writer::add(const PageIndex& index) {
    add_record(RecordFile::memory, RecordTag::page_index, index);
}

void Writer::add(const Content& content) {
    add_record(RecordFile::memory, RecordTag::content, content);
}

void Writer::add(const Pieces& pieces) {
    if (has_pieces_)
        fail(Errc::internal, "an image has one Pieces record");
    add_record(RecordFile::memory, RecordTag::pieces, pieces);
    has_pieces_ = true;
}

void Writer::flush(RecordFile file) {
    Output& out = outputs_[static_cast<size_t>(file)];
    out.digest.update(as_bytes(out.buffer));
    fault::point("write a file of the image");
    try {
        sys::write_all(out.fd.get(), out.buffer);
    } catch (const Error& error) {
        fail_errno(error.err(), "cannot write {}/{}", path_,
                   kRecordFileNames[static_cast<size_t>(file)]);
    }
    out.buffer.clear();
}

uint64_t Writer::record_bytes() const {
    uint64_t sum = 0;
    for (const Output& out : outputs_)
        sum += out.size;
    return sum;
}

void Writer::fill_inventory(Inventory& inventory) {
    inventory.set_format(kFormatVersion);
    inventory.set_image_id(image_id_.data(), image_id_.size());
    inventory.clear_files();
    auto list = [&](const char* name, uint64_t size, uint64_t xxh3) {
        FileDigest& digest = *inventory.add_files();
        digest.set_name(name);
        digest.set_size(size);
        digest.set_xxh3(xxh3);
    };
    for (size_t i = 0; i < kRecordFiles; ++i)
        list(kRecordFileNames[i], outputs_[i].size, outputs_[i].digest.value());
    list(kPagesName, sys::regular_file_size(pages_.get(), kPagesName), 0);
}

void Writer::write_inventory(const Inventory& inventory, Durability durability) {
    std::string message = inventory.SerializeAsString();
    InventoryHead head{kInventoryMagic, kFormatVersion, static_cast<uint32_t>(message.size()),
                       xxh3(as_bytes(message))};
    fault::point("write the inventory");
    try {
        sys::UniqueFd fd = sys::open_at(dir_.get(), temporary(kInventoryName),
                                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
        sys::write_all(fd.get(), std::string(bytes_of(head)) + message);
        if (durability == Durability::full)
            sys::sync_to_disk(fd.get());
    } catch (const Error& error) {
        fail_errno(error.err(), "cannot write {}/{}", path_, kInventoryName);
    }
}

void Writer::give_name(const char* name) {
    fault::point("name a file of the image");
    sys::rename_at(dir_.get(), temporary(name), dir_.get(), name);
    named_.emplace_back(name);
}

void Writer::commit(Inventory& inventory, Durability durability) {
    if (!has_pieces_)
        fail(Errc::internal, "an image needs a Pieces record");
    for (size_t i = 0; i < kRecordFiles; ++i)
        flush(static_cast<RecordFile>(i));
    fill_inventory(inventory);
    write_inventory(inventory, durability);
    if (durability == Durability::full) {
        for (const Output& out : outputs_)
            sys::sync_to_disk(out.fd.get());
        sys::sync_to_disk(pages_.get());
    }
    sys::remove_at(dir_.get(), kInventoryName);
    for (const char* name : kRecordFileNames)
        give_name(name);
    give_name(kPagesName);
    // Nothing may reorder the inventory before the files that it speaks of.
    if (durability == Durability::full)
        sys::sync_to_disk(dir_.get());
    give_name(kInventoryName);
    if (durability == Durability::full)
        sys::sync_to_disk(dir_.get());
    committed_ = true;
}

void Writer::withdraw() noexcept {
    committed_ = false;
    clean_up();
}

}  // namespace crtool::image
