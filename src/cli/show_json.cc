// `crtool show --json`: the whole image as one object, in protobuf's mapping to JSON.
#include <google/protobuf/util/json_util.h>

#include "base/error.h"
#include "cli/show_sections.h"

namespace crtool::cli {
namespace {

void add_message(std::string& out, const google::protobuf::Message& message) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    options.always_print_primitive_fields = true;
    // Appends. Fails only for what no message of ours has: Any, Struct, Timestamp.
    auto status = google::protobuf::util::MessageToJsonString(message, &out, options);
    if (!status.ok())
        fail(Errc::internal, "cannot write JSON: {}", status.ToString());
}

template <typename Records>
void add_list(std::string& out, const char* name, const Records& records) {
    out += std::string(",\n\"") + name + "\":[";
    bool first = true;
    for (const auto& record : records) {
        out += first ? "\n" : ",\n";
        add_message(out, record);
        first = false;
    }
    out += "]";
}

}  // namespace

void show_json(const image::Image& image, std::string& out) {
    out += "{\"inventory\":";
    add_message(out, image.inventory);
    add_list(out, "tasks", image.tasks);
    add_list(out, "seccomp_filters", image.filters);
    add_list(out, "files", image.files);
    add_list(out, "pipes", image.pipes);
    add_list(out, "page_indexes", image.page_indexes);
    add_list(out, "contents", image.contents);
    out += ",\n\"pieces\":";
    add_message(out, image.pieces);
    out += "}\n";
}

}  // namespace crtool::cli
