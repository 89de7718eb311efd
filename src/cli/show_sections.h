// The sections of `crtool show`, one file each (show_<section>.cc).
//
// They print images that a restore would refuse as well, so an id may lead nowhere. Each appends to
// `out`.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "image/image.h"

namespace crtool::cli {

// The image, and its records by id.
class ShowView {
  public:
    // With `everything` sections leave nothing out. `image` must outlive the view.
    ShowView(const image::Image& image, bool everything);

    const image::Image& image() const { return image_; }

    bool everything() const { return everything_; }

    const image::OpenFile* file(uint32_t id) const { return find(files_, id); }

    const image::Pipe* pipe(uint32_t id) const { return find(pipes_, id); }

    const image::Content* content(uint32_t id) const { return find(contents_, id); }

    const image::PageIndex* pages_of(uint32_t pid) const { return find(page_indexes_, pid); }

  private:
    template <typename T>
    using Map = std::unordered_map<uint32_t, const T*>;

    template <typename T>
    static const T* find(const Map<T>& map, uint32_t id) {
        auto at = map.find(id);
        return at == map.end() ? nullptr : at->second;
    }

    const image::Image& image_;
    bool everything_;
    Map<image::OpenFile> files_;
    Map<image::Pipe> pipes_;
    Map<image::Content> contents_;
    Map<image::PageIndex> page_indexes_;
};

// Where and when the image was made, and how much it is.
void show_summary(const ShowView& view, std::string& out);
// All tasks as a tree, a line each.
void show_tree(const ShowView& view, std::string& out);
// One task: the sections below, in order.
void show_task(const ShowView& view, const image::Task& task, std::string& out);
void show_credentials(const ShowView& view, const image::Task& task, std::string& out);
void show_signals(const ShowView& view, const image::Task& task, std::string& out);
void show_timers(const image::Task& task, std::string& out);
void show_threads(const ShowView& view, const image::Task& task, std::string& out);
void show_descriptors(const ShowView& view, const image::Task& task, std::string& out);
void show_areas(const ShowView& view, const image::Task& task, std::string& out);
// Open files, pipes and contents of the whole image.
void show_files(const ShowView& view, std::string& out);

// "pipe 1, write end" or "/etc/passwd": what an open file is, in a few words.
std::string describe_file(const ShowView& view, uint32_t id);
// The path of an open file that has one, "-" for none.
std::string path_of(const ShowView& view, uint32_t id);
// "running", "stopped by TSTP", "zombie, exit 7".
std::string state_of(const image::Task& task);

// Pages of a kind in [start, end) of an address space.
uint64_t pages_within(const image::PageIndex* index, image::PageRun::From from, uint64_t start,
                      uint64_t end);

// The whole image as one JSON object, its members named as in proto/*.proto. Paths and names are
// text, other bytes base64; fixed64 and fixed32 (addresses, masks) are hexadecimal strings, other
// 64-bit numbers decimal strings.
void show_json(const image::Image& image, std::string& out);

}  // namespace crtool::cli
