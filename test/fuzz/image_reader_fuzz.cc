// Feeds the image reader with anything: it may refuse, and nothing else.
//
// The input is a byte that says what the rest is. 0: messages and records as they stand behind the
// heads of inventory.img, tasks.img, files.img and memory.img, each after its length (4 bytes).
// They go to the parser, to validate() and to the sections of `crtool show`, which must bear images
// that validate() refuses. Anything else: the rest is an inventory.img, read by a Reader. Digests
// are left out of the first way, since a fuzzer would never get past them.
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/show_sections.h"
#include "image/record_stream.h"
#include "unit/image_sample.h"

namespace {

using namespace crtool;

std::string_view take(std::string_view& input) {
    uint32_t length = 0;
    if (input.size() < sizeof(length))
        return {};
    std::memcpy(&length, input.data(), sizeof(length));
    input.remove_prefix(sizeof(length));
    std::string_view part = input.substr(0, length);
    input.remove_prefix(part.size());
    return part;
}

void show_all(const image::Image& image) {
    cli::ShowView view(image, true);
    std::string out;
    cli::show_summary(view, out);
    cli::show_tree(view, out);
    for (const image::Task& task : image.tasks)
        cli::show_task(view, task, out);
    cli::show_files(view, out);
}

void read_records(std::string_view input) {
    image::Image image;
    std::string_view inventory = take(input);
    if (!image.inventory.ParseFromArray(inventory.data(), static_cast<int>(inventory.size())))
        return;
    for (size_t i = 0; i < image::kRecordFiles; ++i)
        image::parse_records(static_cast<image::RecordFile>(i), take(input), image);
    show_all(image);
    image::validate(image);
}

void read_inventory(std::string_view input) {
    static image::sample::TemporaryDir dir;
    sys::UniqueFd fd =
        sys::open_at(-100, dir.file(image::kInventoryName), O_WRONLY | O_CREAT, 0600);
    sys::truncate(fd.get(), 0);
    sys::write_all(fd.get(), input);
    image::Reader reader(dir.path());
    image::validate(reader.load());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.empty())
        return 0;
    try {
        input[0] == 0 ? read_records(input.substr(1)) : read_inventory(input.substr(1));
    } catch (const Error& error) {
        // A refusal, as long as it is one line that says something.
        std::string_view what = error.what();
        if (what.empty() || what.find('\n') != std::string_view::npos)
            __builtin_trap();
    }
    return 0;
}
