// See show.h.
#include "cli/show.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "cli/exit_code.h"
#include "cli/show_sections.h"
#include "cli/show_text.h"
#include "image/page_verify.h"
#include "image/reader.h"
#include "image/validate.h"

namespace crtool::cli {
namespace {

constexpr size_t kFlushBytes = 1'048'576;

void flush(std::string& out) {
    if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size() || std::fflush(stdout) != 0)
        fail(Errc::system, "cannot write to stdout");
    out.clear();
}

void print_text(const image::Image& image, bool everything) {
    ShowView view(image, everything);
    std::string out;
    show_summary(view, out);
    show_tree(view, out);
    for (const image::Task& task : image.tasks) {
        show_task(view, task, out);
        if (out.size() >= kFlushBytes)
            flush(out);
    }
    show_files(view, out);
    flush(out);
}

}  // namespace

int show_main(const ShowOptions& options) {
    std::error_code unused;
    if (!std::filesystem::is_directory(options.dir, unused))
        fail(Errc::usage, "directory '{}' does not exist", options.dir);
    image::Reader reader(options.dir);
    image::Image image = reader.load();
    bool everything = options.verbosity > 2;
    if (options.json) {
        std::string out;
        show_json(image, out);
        flush(out);
    } else {
        print_text(image, everything);
    }
    try {
        image::validate(image);
        if (everything)
            image::verify_pages(reader.pages_fd(), image.pieces, 2);
    } catch (const Error& error) {
        fmt::print(stderr, "crtool: a restore would refuse this image: {}\n", error.what());
        return exit_code(error.code());
    }
    return kExitOk;
}

}  // namespace crtool::cli
