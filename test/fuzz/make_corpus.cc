// Writes seeds for image_reader_fuzz into a directory: make_corpus DIR.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "unit/image_sample.h"

namespace {

using namespace crtool;

std::string slurp(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

void add_part(std::string& seed, const std::string& part) {
    auto length = static_cast<uint32_t>(part.size());
    seed.append(reinterpret_cast<const char*>(&length), sizeof(length));
    seed += part;
}

// The seed of an image: what a Writer makes of it, without the heads.
std::string records_of(image::Image image) {
    image::sample::TemporaryDir dir;
    image::sample::write_image(dir.path(), image);
    std::string seed(1, '\0');
    add_part(seed, slurp(dir.file(image::kInventoryName)).substr(sizeof(image::InventoryHead)));
    for (const char* name : image::kRecordFileNames)
        add_part(seed, slurp(dir.file(name)).substr(sizeof(image::RecordHead)));
    return seed;
}

std::string inventory_of(image::Image image) {
    image::sample::TemporaryDir dir;
    image::sample::write_image(dir.path(), image);
    return "i" + slurp(dir.file(image::kInventoryName));
}

// One task without anything that can be left out.
image::Image small_image() {
    image::Image image = image::sample::make_image();
    image.tasks.resize(1);
    image.page_indexes.resize(1);
    image::Task& root = image.tasks[0];
    root.clear_fds();
    root.clear_posix_timers();
    root.mutable_threads()->RemoveLast();
    root.mutable_threads(0)->set_xstate(std::string(576, '\0'));
    image.inventory.set_tasks(1);
    image.inventory.set_threads(1);
    return image;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: make_corpus DIR\n");
        return 2;
    }
    std::filesystem::create_directories(argv[1]);
    auto save = [&](const char* name, const std::string& seed) {
        std::ofstream(fmt::format("{}/{}", argv[1], name), std::ios::binary) << seed;
    };
    save("sample", records_of(image::sample::make_image()));
    save("small", records_of(small_image()));
    save("inventory", inventory_of(image::sample::make_image()));
    return 0;
}
