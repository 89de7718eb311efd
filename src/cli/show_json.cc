// `crtool show --json`: the whole image as one object.
//
// Close to protobuf's own mapping to JSON, with the names of proto/*.proto; but paths and names,
// which are bytes to the kernel, are text here, and addresses and masks (fixed64, fixed32)
// hexadecimal.
#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>

#include "cli/show_sections.h"

namespace crtool::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::array<std::string_view, 3> kTextFields = {"comm", "name", "path"};

// Bytes of the UTF-8 sequence at the beginning of `text`; 0 when there is none (Unicode, table
// 3-7).
size_t sequence(std::string_view text) {
    auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
    if (length == 1)
        return 1;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || length > text.size())
        return 0;
    unsigned low = byte(0) == 0xe0 ? 0xa0 : byte(0) == 0xf0 ? 0x90 : 0x80;
    unsigned high = byte(0) == 0xed ? 0x9f : byte(0) == 0xf4 ? 0x8f : 0xbf;
    if (byte(1) < low || byte(1) > high)
        return 0;
    for (size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

// A byte that is no UTF-8 becomes U+DC80 … U+DCFF, as Python's "surrogateescape" has it.
void add_text(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        size_t length = sequence(text);
        auto byte = static_cast<unsigned char>(text[0]);
        if (length == 0)
            out += fmt::format("\\udc{:02x}", byte);
        else if (byte < 0x20)
            out += fmt::format("\\u{:04x}", byte);
        else if (byte == '"' || byte == '\\')
            out += {'\\', text[0]};
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<size_t>(length, 1));
    }
    out += '"';
}

void add_base64(std::string& out, std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out += '"';
    for (size_t at = 0; at < bytes.size(); at += 3) {
        size_t count = std::min<size_t>(3, bytes.size() - at);
        uint32_t group = 0;
        for (size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (size_t i = 0; i < 4; ++i)
            out += i <= count ? kDigits[group >> (18 - 6 * i) & 63] : '=';
    }
    out += '"';
}

class JsonWriter {
  public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    // Every field, set or not, but for messages that are not there.
    void add(const Message& message) {
        out_ += '{';
        bool first = true;
        const auto* type = message.GetDescriptor();
        for (int i = 0; i < type->field_count(); ++i) {
            const FieldDescriptor* field = type->field(i);
            if (field->has_presence() && !message.GetReflection()->HasField(message, field))
                continue;
            out_ += fmt::format("{}\"{}\":", first ? "" : ",", field->name());
            first = false;
            if (field->is_repeated())
                add_list(message, field);
            else
                add_value(message, field, -1);
        }
        out_ += '}';
    }

  private:
    void add_list(const Message& message, const FieldDescriptor* field) {
        out_ += '[';
        int size = message.GetReflection()->FieldSize(message, field);
        for (int i = 0; i < size; ++i) {
            out_ += i == 0 ? "" : ",";
            add_value(message, field, i);
        }
        out_ += ']';
    }

    // Element `at` of a list, or with -1 the field itself.
    void add_value(const Message& message, const FieldDescriptor* field, int at) {
        const auto* r = message.GetReflection();
        bool hex = field->type() == FieldDescriptor::TYPE_FIXED64 ||
                   field->type() == FieldDescriptor::TYPE_FIXED32;
        auto get = [&](auto single, auto element) {
            return at < 0 ? (r->*single)(message, field) : (r->*element)(message, field, at);
        };
        using Reflection = google::protobuf::Reflection;
        switch (field->cpp_type()) {
            case FieldDescriptor::CPPTYPE_MESSAGE:
                return add(at < 0 ? r->GetMessage(message, field)
                                  : r->GetRepeatedMessage(message, field, at));
            case FieldDescriptor::CPPTYPE_STRING:
                return add_string(field,
                                  get(&Reflection::GetString, &Reflection::GetRepeatedString));
            case FieldDescriptor::CPPTYPE_BOOL:
                return add_plain(get(&Reflection::GetBool, &Reflection::GetRepeatedBool));
            case FieldDescriptor::CPPTYPE_INT32:
                return add_plain(get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32));
            case FieldDescriptor::CPPTYPE_UINT32:
                return add_number(get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32), hex,
                                  false);
            case FieldDescriptor::CPPTYPE_UINT64:
                return add_number(get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64), hex,
                                  true);
            case FieldDescriptor::CPPTYPE_ENUM:
                return add_enum(field,
                                get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue));
            default:
                out_ += "null";  // types that no message of the image has
        }
    }

    void add_plain(auto value) { out_ += fmt::format("{}", value); }

    // 64 bits do not fit into the numbers of every JSON reader.
    void add_number(uint64_t value, bool hex, bool wide) {
        if (hex)
            out_ += fmt::format("\"{:#x}\"", value);
        else
            out_ += wide ? fmt::format("\"{}\"", value) : fmt::format("{}", value);
    }

    void add_string(const FieldDescriptor* field, const std::string& value) {
        bool text =
            field->type() == FieldDescriptor::TYPE_STRING ||
            std::find(kTextFields.begin(), kTextFields.end(), field->name()) != kTextFields.end();
        text ? add_text(out_, value) : add_base64(out_, value);
    }

    void add_enum(const FieldDescriptor* field, int number) {
        const auto* value = field->enum_type()->FindValueByNumber(number);
        out_ += value == nullptr ? fmt::format("{}", number) : fmt::format("\"{}\"", value->name());
    }

    std::string& out_;
};

template <typename Records>
void add_list(std::string& out, const char* name, const Records& records) {
    out += fmt::format(",\n\"{}\":[", name);
    bool first = true;
    for (const auto& record : records) {
        out += first ? "\n" : ",\n";
        JsonWriter(out).add(record);
        first = false;
    }
    out += "]";
}

}  // namespace

void show_json(const image::Image& image, std::string& out) {
    out += "{\"inventory\":";
    JsonWriter(out).add(image.inventory);
    add_list(out, "tasks", image.tasks);
    add_list(out, "seccomp_filters", image.filters);
    add_list(out, "files", image.files);
    add_list(out, "pipes", image.pipes);
    add_list(out, "ttys", image.ttys);
    add_list(out, "shm_segments", image.shm_segments);
    add_list(out, "semaphores", image.semaphores);
    add_list(out, "message_queues", image.queues);
    add_list(out, "posix_message_queues", image.mqueues);
    add_list(out, "ipc_namespaces", image.ipc_namespaces);
    add_list(out, "page_indexes", image.page_indexes);
    add_list(out, "contents", image.contents);
    out += ",\n\"pieces\":";
    JsonWriter(out).add(image.pieces);
    out += "}\n";
}

}  // namespace crtool::cli
