// See record_stream.h.
#include "image/record_stream.h"

#include <climits>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "image/protobuf_log.h"

namespace crtool::image {
namespace {

class RecordParser {
  public:
    RecordParser(RecordFile file, std::string_view text, Image& image)
        : file_(file), text_(text), image_(image) {}

    void run() {
        while (at_ < text_.size()) {
            auto tag = static_cast<RecordTag>(static_cast<uint8_t>(text_[at_++]));
            uint64_t length = varint();
            if (length > text_.size() - at_ || length > INT_MAX)
                bad("a record is longer than the file");
            take(tag, text_.substr(at_, length));
            at_ += length;
        }
        if (file_ == RecordFile::memory && !pieces_)
            bad("the digests of the pages are missing");
    }

  private:
    [[noreturn]] void bad(const char* why) const {
        fail(Errc::bad_image, "{}: {}, at byte {}; the crtool that wrote this image is not sound",
             kRecordFileNames[static_cast<size_t>(file_)], why, sizeof(RecordHead) + at_);
    }

    uint64_t varint() {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && at_ < text_.size(); shift += 7) {
            auto byte = static_cast<uint8_t>(text_[at_++]);
            value |= static_cast<uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        bad("the length of a record cannot be read");
    }

    template <typename Message>
    void parse(Message& message, std::string_view text) const {
        if (!message.ParseFromArray(text.data(), static_cast<int>(text.size())))
            bad("a record cannot be parsed");
    }

    void take_file(std::string_view text) {
        FileRecord record;
        parse(record, text);
        if (record.has_file())
            image_.files.push_back(std::move(*record.mutable_file()));
        else if (record.has_pipe())
            image_.pipes.push_back(std::move(*record.mutable_pipe()));
        else if (record.has_tty())
            image_.ttys.push_back(std::move(*record.mutable_tty()));
        else if (record.has_sysv_shm())
            image_.shm_segments.push_back(std::move(*record.mutable_sysv_shm()));
        else if (record.has_sysv_sem())
            image_.semaphores.push_back(std::move(*record.mutable_sysv_sem()));
        else if (record.has_sysv_msg())
            image_.queues.push_back(std::move(*record.mutable_sysv_msg()));
        else if (record.has_posix_mqueue())
            image_.mqueues.push_back(std::move(*record.mutable_posix_mqueue()));
        else if (record.has_ipc_namespace())
            image_.ipc_namespaces.push_back(std::move(*record.mutable_ipc_namespace()));
        else
            bad("a record is of a kind that this crtool does not know");
    }

    void take(RecordTag tag, std::string_view text) {
        if (file_ == RecordFile::tasks && tag == RecordTag::task)
            return parse(image_.tasks.emplace_back(), text);
        if (file_ == RecordFile::tasks && tag == RecordTag::seccomp_filter)
            return parse(image_.filters.emplace_back(), text);
        if (file_ == RecordFile::files && tag == RecordTag::file)
            return take_file(text);
        if (file_ == RecordFile::memory && tag == RecordTag::page_index)
            return parse(image_.page_indexes.emplace_back(), text);
        if (file_ == RecordFile::memory && tag == RecordTag::content)
            return parse(image_.contents.emplace_back(), text);
        if (file_ == RecordFile::memory && tag == RecordTag::pieces && !pieces_) {
            pieces_ = true;
            return parse(image_.pieces, text);
        }
        bad("a record has a tag that does not belong here");
    }

    RecordFile file_;
    std::string_view text_;
    Image& image_;
    size_t at_ = 0;
    bool pieces_ = false;
};

}  // namespace

void parse_records(RecordFile file, std::string_view text, Image& image) {
    ProtobufComplaints complaints;  // the refusal says enough
    RecordParser(file, text, image).run();
}

}  // namespace crtool::image
